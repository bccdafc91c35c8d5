/**
 * Measures the cost of the file store beside its cryptography, and whether its size matters: goal
 * i.
 */
@NullMarked
package de.lifetimecircle.secrets.bench.gpg;

import org.jspecify.annotations.NullMarked;
