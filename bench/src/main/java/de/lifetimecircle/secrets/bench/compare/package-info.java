/** The comparison of backends: what is measured on each, by which processes, and what is kept. */
@NullMarked
package de.lifetimecircle.secrets.bench.compare;

import org.jspecify.annotations.NullMarked;
