/**
 * The way of every read and of every write, from the public types to the store. Uses all rooms
 * below.
 */
@NullMarked
package de.lifetimecircle.secrets.internal;

import org.jspecify.annotations.NullMarked;
