package de.lifetimecircle.secrets.operations.scan;

import de.lifetimecircle.secrets.SecretException;
import org.jspecify.annotations.Nullable;

/**
 * A secret, or some of its versions, that a scan does not look for. Immutable; holds no value.
 *
 * @param name the name in the store
 * @param reason why, in words that tell nothing of the value
 * @param failure what the store failed with; nothing where it is left out by choice
 */
public record UnsearchedSecret(
    String name, String reason, SecretException.@Nullable Kind failure) {}
