/** A read that has to ask the backend, and the transports that it goes over: goals c and d. */
@NullMarked
package de.lifetimecircle.secrets.bench.cold;

import org.jspecify.annotations.NullMarked;
