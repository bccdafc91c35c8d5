/** HashiCorp Vault and OpenBao behind the SPI; scheme {@code vault}. */
@NullMarked
package de.lifetimecircle.secrets.vault;

import org.jspecify.annotations.NullMarked;
