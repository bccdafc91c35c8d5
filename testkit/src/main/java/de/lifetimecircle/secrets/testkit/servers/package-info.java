/**
 * The servers that the contract runs on: found as a container or as a local program, started on a
 * free port of loopback, and stopped.
 */
@NullMarked
package de.lifetimecircle.secrets.testkit.servers;

import org.jspecify.annotations.NullMarked;
