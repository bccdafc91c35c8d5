/** Many callers of one cold name at once: goal f. */
@NullMarked
package de.lifetimecircle.secrets.bench.herd;

import org.jspecify.annotations.NullMarked;
