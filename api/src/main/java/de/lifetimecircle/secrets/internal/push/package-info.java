/** Notices of rotations that come from a channel, and what the cache does with them. */
@NullMarked
package de.lifetimecircle.secrets.internal.push;

import org.jspecify.annotations.NullMarked;
