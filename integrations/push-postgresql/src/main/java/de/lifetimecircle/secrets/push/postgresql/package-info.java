/** Tells of rotations through NOTIFY and LISTEN of PostgreSQL. */
@NullMarked
package de.lifetimecircle.secrets.push.postgresql;

import org.jspecify.annotations.NullMarked;
