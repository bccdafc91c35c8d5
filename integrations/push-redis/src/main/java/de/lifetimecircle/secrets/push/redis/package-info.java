/** Tells of rotations through PUBLISH and SUBSCRIBE of Redis. */
@NullMarked
package de.lifetimecircle.secrets.push.redis;

import org.jspecify.annotations.NullMarked;
