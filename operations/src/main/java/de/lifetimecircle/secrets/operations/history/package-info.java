/** The history of one secret, merged from the store and the logs. */
@NullMarked
package de.lifetimecircle.secrets.operations.history;

import org.jspecify.annotations.NullMarked;
