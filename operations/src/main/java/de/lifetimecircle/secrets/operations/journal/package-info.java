/** Keeps what operations have done: records as JSON in journals and logs, and locks on names. */
@NullMarked
package de.lifetimecircle.secrets.operations.journal;

import org.jspecify.annotations.NullMarked;
