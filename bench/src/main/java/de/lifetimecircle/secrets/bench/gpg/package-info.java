/** What the store of files costs beside its cryptography, and whether its size matters: goal i. */
@NullMarked
package de.lifetimecircle.secrets.bench.gpg;

import org.jspecify.annotations.NullMarked;
