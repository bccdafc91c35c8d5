/** Benchmarks; run by {@code bench/run}. */
@NullMarked
package de.lifetimecircle.secrets.bench;

import org.jspecify.annotations.NullMarked;
