package de.lifetimecircle.secrets.operations;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.spi.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a value has to be: the rules that a service's configuration knows as {@code
 * validate.NAME.*}, with the same meaning. Immutable.
 *
 * @param minLength the least number of bytes
 * @param prefix how it begins
 * @param matches what the whole of it matches
 * @param check a rule with a name of its own
 */
public record ValueRules(
    int minLength, @Nullable String prefix, @Nullable Pattern matches, @Nullable String check) {
  /** Every value is valid. */
  public static final ValueRules NONE = new ValueRules(0, null, null, null);

  static final List<String> CHECKS = List.of("hex", "json-object", "postgresql-url");

  private static final Pattern HEX = Pattern.compile("[0-9A-Fa-f]+");
  private static final Pattern POSTGRESQL = Pattern.compile("postgres(ql)?://.*", Pattern.DOTALL);

  /** What the value breaks, in words that tell nothing of it; empty when it is valid. */
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
      default -> isPostgresqlUrl(text);
    };
  }

  private static boolean isJsonObject(String text) {
    try {
      return Json.parse(text) instanceof Map;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** A '@' after the host is the end of a password that nobody percent-encoded. */
  private static boolean isPostgresqlUrl(String text) {
    if (!POSTGRESQL.matcher(text).matches()) {
      return false;
    }
    try {
      URI uri = new URI(text).parseServerAuthority();
      return uri.getHost() != null
          && uri.getPort() != 0
          && uri.getPort() <= 65_535
          && uri.getRawPath().indexOf('@') < 0;
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
