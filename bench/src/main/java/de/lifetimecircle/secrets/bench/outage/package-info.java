/** Measures how readers notice a backend in trouble: goal g. */
@NullMarked
package de.lifetimecircle.secrets.bench.outage;

import org.jspecify.annotations.NullMarked;
