package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.spi.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rules for a value, with the same meaning as {@code validate.NAME.*} in a service's
 * configuration. Immutable.
 *
 * @param minLength the least number of bytes
 * @param prefix its beginning
 * @param matches a pattern for the whole value
 * @param check the name of a built-in rule
 */
public record ValueRules(
    int minLength, @Nullable String prefix, @Nullable Pattern matches, @Nullable String check) {
  /** The rules that accept every value. */
  public static final ValueRules NONE = new ValueRules(0, null, null, null);

  private static final Pattern HEX = Pattern.compile("[0-9A-Fa-f]+");

  /** A name, an address or the percent-encoded folder of a socket, and an optional port. */
  private static final String HOST =
      "(?:[\\w.-]+|%2[Ff][\\w.~%-]+|\\[[\\w:.%]+])(?::(?:[1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}"
          + "|65[0-4]\\d\\d|655[0-2]\\d|6553[0-5])?)?";

  /**
   * As libpq reads it: both spellings, several hosts; userinfo, ports and database are optional. A
   * '@' behind the first is the end of a password that is not percent-encoded. The library has the
   * same, hidden; a test compares the two.
   */
  private static final Pattern POSTGRESQL =
      Pattern.compile(
          "(?!.*(?:[\\s\\p{Cntrl}]|%(?![0-9A-Fa-f]{2})))postgres(?:ql)?://(?:[^@/?#]*@)?"
              + HOST
              + "(?:,"
              + HOST
              + ")*(?:/[^@?#]*)?(?:[?#].*)?",
          Pattern.DOTALL);

  /**
   * Returns the rules that a value breaks, in words that reveal nothing about it; empty if it is
   * valid.
   */
  public List<String> broken(SecretValue value) {
    List<String> broken = new ArrayList<>();
    if (value.size() < minLength) {
      broken.add("expected: at least " + minLength + " bytes");
    }
    if (prefix == null && matches == null && check == null) {
      return broken;
    }
    String text;
    try {
      text = value.asString();
    } catch (SecretException e) {
      broken.add("expected: UTF-8 text");
      return broken;
    }
    if (prefix != null && !text.startsWith(prefix)) {
      broken.add("expected: begins with '" + prefix + "'");
    }
    if (matches != null && !matches.matcher(text).matches()) {
      broken.add("expected: matches /" + matches.pattern() + "/");
    }
    if (check != null && !passes(check, text)) {
      broken.add("expected: passes the check " + check);
    }
    return broken;
  }

  private static boolean passes(String check, String text) {
    return switch (check) {
      case "hex" -> HEX.matcher(text).matches();
      case "json-object" -> isJsonObject(text);
      default -> POSTGRESQL.matcher(text).matches();
    };
  }

  private static boolean isJsonObject(String text) {
    try {
      return Json.parse(text) instanceof Map;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
