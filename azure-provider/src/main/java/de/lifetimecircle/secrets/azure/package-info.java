/** Azure Key Vault behind the SPI; scheme {@code azure}. */
@NullMarked
package de.lifetimecircle.secrets.azure;

import org.jspecify.annotations.NullMarked;
