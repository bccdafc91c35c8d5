/** The form that secrets have in Key Vault: names, tags, values and the order of versions. */
@NullMarked
package de.lifetimecircle.secrets.azure.form;

import org.jspecify.annotations.NullMarked;
