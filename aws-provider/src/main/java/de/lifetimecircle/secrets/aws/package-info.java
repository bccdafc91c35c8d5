/** AWS Secrets Manager behind the SPI; scheme {@code aws}. */
@NullMarked
package de.lifetimecircle.secrets.aws;

import org.jspecify.annotations.NullMarked;
