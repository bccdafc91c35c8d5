/** The meaning of failures and of the refusals of Azure, and the words for them. */
@NullMarked
package de.lifetimecircle.secrets.azure.errors;

import org.jspecify.annotations.NullMarked;
