/** The answers of the server, their meaning, and the words for failures. */
@NullMarked
package de.lifetimecircle.secrets.vault.errors;

import org.jspecify.annotations.NullMarked;
