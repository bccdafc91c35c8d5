package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values as variables of a process. Stateless. */
public final class EnvironmentVariables {
  /** What a JVM puts in the place of what it could not read. */
  private static final char UNREADABLE = '\ufffd';

  private EnvironmentVariables() {}

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

  /**
   * The variables for a child of this process, which gets exactly these values.
   *
   * @throws SecretException as {@link #of}, and {@code INVALID_VALUE} that names the secret whose
   *     value this JVM would change on its way to a child, or has changed on its way from an
   *     override
   */
  public static Map<String, String> ofChild(List<WiredValue> values) {
    Map<String, String> variables = of(values);
    for (WiredValue value : values) {
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
   * Whether a child gets a text as it was read: no character of it was lost when it was read, and
   * none will be when it is written.
   */
  public static boolean isExact(String text) {
    return text.indexOf(UNREADABLE) < 0 && reaches(text);
  }

  /**
   * The environment of a child is written in the charset of the locale by newer JDKs (25 does,
   * whatever {@code file.encoding} says), in {@code file.encoding} by older ones (17 does), and
   * what that charset has not becomes a question mark. So the JVM itself is asked: to it, two
   * variables are equal when their bytes are.
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

  private static SecretException foreign(WiredValue value, String why) {
    return SecretException.of(
            SecretException.Kind.INVALID_VALUE, "put into a variable of a program secret")
        .name(value.name())
        .reason(why)
        .advice("Run it with LC_ALL=C.UTF-8 in its environment")
        .build();
  }
}
