package de.lifetimecircle.secrets.operations.scan;

import de.lifetimecircle.secrets.SecretException;
import org.jspecify.annotations.Nullable;

/**
 * A secret, or some of its versions, that a scan does not search for. Immutable; holds no value.
 *
 * @param name the name in the store
 * @param reason the reason, in words that reveal nothing about the value
 * @param failure the failure of the store; null if it was left out by choice
 */
public record UnsearchedSecret(
    String name, String reason, SecretException.@Nullable Kind failure) {}
