package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretValue;
import java.util.ArrayList;
import java.util.List;

/** Values as if they had been read. */
public final class Wired {
  private Wired() {}

  public static VariableValue value(String variable, byte[] bytes) {
    return new VariableValue(
        SecretVariable.of(variable, "prod/" + variable),
        SecretValue.of(bytes),
        Secret.Origin.BACKEND);
  }

  public static VariableValue value(String variable, String text) {
    return new VariableValue(
        SecretVariable.of(variable, "prod/" + variable),
        SecretValue.of(text),
        Secret.Origin.BACKEND);
  }

  /** The texts under the variables V0, V1 and so on. */
  static List<VariableValue> values(List<String> texts) {
    List<VariableValue> values = new ArrayList<>();
    for (String text : texts) {
      values.add(value("V" + values.size(), text));
    }
    return values;
  }
}
