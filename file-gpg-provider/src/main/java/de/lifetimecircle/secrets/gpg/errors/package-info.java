/** The words for failures and for advised commands, and the log. */
@NullMarked
package de.lifetimecircle.secrets.gpg.errors;

import org.jspecify.annotations.NullMarked;
