package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.spi.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The rules for values that a configuration can name. */
final class Rules {
  /** The checks that {@code validate.NAME.check} can name. */
  static final Map<String, SecretValidator> CHECKS =
      Map.of(
          "postgresql-url", text(Rules::isPostgresqlUrl, "expected: a PostgreSQL URL with a host"),
          "json-object", text(Rules::isJsonObject, "expected: a JSON object"),
          "hex", text(Rules::isHex, "expected: hex digits only"));

  private static final Pattern HEX = Pattern.compile("[0-9A-Fa-f]+");

  /** Libpq takes both spellings; userinfo, port and database are optional. */
  private static final Pattern POSTGRESQL = Pattern.compile("postgres(ql)?://.*", Pattern.DOTALL);

  private Rules() {}

  static SecretValidator minLength(int bytes) {
    String violation = "expected: at least " + bytes + " bytes";
    return value -> value.size() >= bytes ? Optional.empty() : Optional.of(violation);
  }

  static SecretValidator prefix(String prefix) {
    return text(t -> t.startsWith(prefix), "expected: begins with '" + prefix + "'");
  }

  static SecretValidator matches(Pattern pattern) {
    return text(t -> pattern.matcher(t).matches(), "expected: matches /" + pattern.pattern() + "/");
  }

  private static SecretValidator text(Predicate<String> test, String violation) {
    return value -> {
      try {
        return test.test(value.asString()) ? Optional.empty() : Optional.of(violation);
      } catch (SecretException e) {
        return e.kind() == SecretException.Kind.INVALID_VALUE
            ? Optional.of("expected: UTF-8 text")
            : Optional.of("expected: a readable value");
      }
    };
  }

  private static boolean isPostgresqlUrl(String text) {
    if (!POSTGRESQL.matcher(text).matches()) {
      return false;
    }
    try {
      URI uri = new URI(text).parseServerAuthority();
      // A '@' behind the host is the end of a password that nobody percent-encoded.
      boolean passwordSpilled = uri.getRawPath().indexOf('@') >= 0;
      return uri.getHost() != null
          && uri.getPort() <= 65_535
          && uri.getPort() != 0
          && !passwordSpilled;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static boolean isHex(String text) {
    return HEX.matcher(text).matches();
  }

  private static boolean isJsonObject(String text) {
    try {
      return Json.parse(text) instanceof Map;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
