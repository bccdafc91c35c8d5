package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.SecretException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values as variables of a process. Stateless. */
public final class Variables {
  private Variables() {}

  /**
   * The variables with their values, which the caller hands to one process only.
   *
   * @throws SecretException {@code INVALID_VALUE} that names the secret whose value no variable can
   *     hold
   */
  public static Map<String, String> of(List<WiredValue> values) {
    Map<String, String> variables = new LinkedHashMap<>();
    values.forEach(value -> variables.put(value.variable(), value.text("a variable")));
    return variables;
  }
}
