/**
 * Replaces an exposed secret at once, invalidates every old version, and records the steps with
 * their times. On a scratch store it is a drill.
 */
@NullMarked
package de.lifetimecircle.secrets.operations.emergency;

import org.jspecify.annotations.NullMarked;
