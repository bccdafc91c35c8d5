package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns values into variables of a process. Stateless. */
public final class EnvironmentVariables {
  /** The character that a JVM substitutes for bytes it cannot decode. */
  private static final char UNREADABLE = '\ufffd';

  private EnvironmentVariables() {}

  /**
   * Returns the variables with their values, for one process only.
   *
   * @throws SecretException {@code INVALID_VALUE} if a variable cannot hold a value; names the
   *     secret
   */
  public static Map<String, String> of(List<VariableValue> values) {
    Map<String, String> variables = new LinkedHashMap<>();
    values.forEach(value -> variables.put(value.variable(), value.text("a variable")));
    return variables;
  }

  /**
   * Returns the variables for a child process, which gets exactly these values.
   *
   * @throws SecretException as {@link #of}, and {@code INVALID_VALUE} if the locale would corrupt a
   *     value on its way to the child, or has corrupted a local override; names the secret
   */
  public static Map<String, String> ofChild(List<VariableValue> values) {
    Map<String, String> variables = of(values);
    for (VariableValue value : values) {
      String text = variables.getOrDefault(value.variable(), "");
      if (value.origin() == Secret.Origin.OVERRIDE && text.indexOf(UNREADABLE) >= 0) {
        throw foreign(value, "its local override has a character that this locale cannot read");
      }
      if (!reaches(text)) {
        throw foreign(value, "its value has a character that this locale cannot write");
      }
    }
    return variables;
  }

  /**
   * Returns whether a child gets a text unchanged: no character was lost on reading, and none will
   * be lost on writing.
   */
  public static boolean isExact(String text) {
    return text.indexOf(UNREADABLE) < 0 && reaches(text);
  }

  /**
   * Newer JDKs write the environment of a child in the charset of the locale (25 does, whatever
   * {@code file.encoding} says), older ones in {@code file.encoding} (17 does); a missing character
   * becomes a question mark. So the test asks the JVM itself: it treats two variables as equal if
   * their bytes are equal.
   */
  private static boolean reaches(String text) {
    Map<String, String> probe = new ProcessBuilder().environment();
    probe.clear();
    return text.codePoints()
        .filter(character -> character > 127)
        .distinct()
        .noneMatch(
            character -> {
              probe.put("X", Character.toString(character));
              return probe.containsValue("?");
            });
  }

  private static SecretException foreign(VariableValue value, String why) {
    return SecretException.of(
            SecretException.Kind.INVALID_VALUE, "put into a variable of a program secret")
        .name(value.name())
        .reason(why)
        .advice("Run 'export LC_ALL=C.UTF-8' first, or name a UTF-8 locale of 'locale -a'")
        .build();
  }
}
