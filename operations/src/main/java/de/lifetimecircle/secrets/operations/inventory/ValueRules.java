package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValidator;
import de.lifetimecircle.secrets.SecretValue;
import java.util.ArrayList;
import java.util.List;
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
    if (check != null && SecretValidator.ofCheck(check).violation(value).isPresent()) {
      broken.add("expected: passes the check " + check);
    }
    return broken;
  }
}
