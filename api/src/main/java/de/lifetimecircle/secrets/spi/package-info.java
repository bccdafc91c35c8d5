/**
 * The interfaces that a backend implements: a {@link
 * de.lifetimecircle.secrets.spi.SecretStoreFactory} found by {@link java.util.ServiceLoader}, a
 * {@link de.lifetimecircle.secrets.spi.SecretStore}, and as many of the optional abilities as the
 * backend really has.
 */
@NullMarked
package de.lifetimecircle.secrets.spi;

import org.jspecify.annotations.NullMarked;
