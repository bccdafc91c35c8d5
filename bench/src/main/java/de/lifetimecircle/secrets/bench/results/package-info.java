/** What a comparison of backends measured, and its file. */
@NullMarked
package de.lifetimecircle.secrets.bench.results;

import org.jspecify.annotations.NullMarked;
