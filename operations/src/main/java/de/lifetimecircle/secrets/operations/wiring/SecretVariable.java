package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.operations.inventory.ValueRules;
import org.jspecify.annotations.Nullable;

/**
 * One variable of a program and the secret that fills it. Immutable.
 *
 * @param variable the name of the variable
 * @param name the name of the secret in the store
 * @param rules the rules for its value, whatever its origin
 * @param localOverride the variable that replaces it on a developer's machine
 */
public record SecretVariable(
    String variable, String name, ValueRules rules, @Nullable String localOverride) {
  /** Returns the wiring of a secret without an inventory. */
  public static SecretVariable of(String variable, String name) {
    return new SecretVariable(variable, name, ValueRules.NONE, null);
  }
}
