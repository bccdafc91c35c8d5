/**
 * Servers for tests: started as local programs or in containers on a free port of loopback, and
 * stopped by process id.
 */
@NullMarked
package de.lifetimecircle.secrets.testservers;

import org.jspecify.annotations.NullMarked;
