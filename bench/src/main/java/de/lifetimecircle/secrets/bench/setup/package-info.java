/** Measures the steps of the documents from nothing to the first secret. */
@NullMarked
package de.lifetimecircle.secrets.bench.setup;

import org.jspecify.annotations.NullMarked;
