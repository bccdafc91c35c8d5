/** Servers on loopback that answer as a backend does, and what notes how they are used. */
@NullMarked
package de.lifetimecircle.secrets.bench.loopback;

import org.jspecify.annotations.NullMarked;
