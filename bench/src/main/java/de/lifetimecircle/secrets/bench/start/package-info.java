/** Starts of whole processes: the suite {@code start}. */
@NullMarked
package de.lifetimecircle.secrets.bench.start;

import org.jspecify.annotations.NullMarked;
