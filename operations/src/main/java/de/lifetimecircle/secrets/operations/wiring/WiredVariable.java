package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.operations.inventory.ValueRules;
import org.jspecify.annotations.Nullable;

/**
 * One variable of a program and the secret that fills it. Immutable.
 *
 * @param variable the name of the variable
 * @param name the name of the secret in the store
 * @param rules what its value has to be, whoever it comes from
 * @param localOverride the variable that stands for it on a developer's machine
 */
public record WiredVariable(
    String variable, String name, ValueRules rules, @Nullable String localOverride) {
  /** A secret of which no inventory says anything. */
  public static WiredVariable of(String variable, String name) {
    return new WiredVariable(variable, name, ValueRules.NONE, null);
  }
}
