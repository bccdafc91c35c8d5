/** Servers on loopback that answer as a backend does, and classes that record their use. */
@NullMarked
package de.lifetimecircle.secrets.bench.loopback;

import org.jspecify.annotations.NullMarked;
