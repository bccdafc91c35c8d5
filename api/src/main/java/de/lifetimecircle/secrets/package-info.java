/**
 * The types that a service calls: {@link de.lifetimecircle.secrets.SecretProvider} to read, {@link
 * de.lifetimecircle.secrets.SecretWriter} to write.
 *
 * <p>Nothing in this package accepts or returns {@code null} unless it says so.
 */
@NullMarked
package de.lifetimecircle.secrets;

import org.jspecify.annotations.NullMarked;
