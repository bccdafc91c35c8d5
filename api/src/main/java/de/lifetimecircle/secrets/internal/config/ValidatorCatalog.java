package de.lifetimecircle.secrets.internal.config;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValidator;
import de.lifetimecircle.secrets.spi.Json;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The rules for values that a configuration can name. Stateless. */
public final class ValidatorCatalog {
  private static final Pattern HEX = Pattern.compile("[0-9A-Fa-f]+");

  /** A name, an address or the percent-encoded folder of a socket; then perhaps a port. */
  private static final String HOST =
      "(?:[\\w.-]+|%2[Ff][\\w.~%-]+|\\[[\\w:.%]+])(?::(?:[1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}"
          + "|65[0-4]\\d\\d|655[0-2]\\d|6553[0-5])?)?";

  /**
   * As libpq reads it: both spellings, several hosts; userinfo, ports and database are optional. A
   * '@' behind the first is the end of a password that is not percent-encoded.
   */
  private static final Pattern POSTGRESQL =
      Pattern.compile(
          "(?!.*(?:[\\s\\p{Cntrl}]|%(?![0-9A-Fa-f]{2})))postgres(?:ql)?://(?:[^@/?#]*@)?"
              + HOST
              + "(?:,"
              + HOST
              + ")*(?:/[^@?#]*)?(?:[?#].*)?",
          Pattern.DOTALL);

  private static final Map<String, SecretValidator> CHECKS =
      Map.of(
          "postgresql-url",
              text(POSTGRESQL.asMatchPredicate(), "expected: a PostgreSQL URL with a host"),
          "json-object", text(ValidatorCatalog::isJsonObject, "expected: a JSON object"),
          "hex", text(HEX.asMatchPredicate(), "expected: hex digits only"));

  private ValidatorCatalog() {}

  /** Returns the names that {@code validate.NAME.check} can have. */
  public static Set<String> checks() {
    return new TreeSet<>(CHECKS.keySet());
  }

  /** Returns the check of a name; empty if there is none. */
  public static Optional<SecretValidator> check(String name) {
    return Optional.ofNullable(CHECKS.get(name));
  }

  static SecretValidator minLength(int bytes) {
    String violation = "expected: at least " + bytes + " bytes";
    return value -> value.size() >= bytes ? Optional.empty() : Optional.of(violation);
  }

  static SecretValidator prefix(String prefix) {
    return text(t -> t.startsWith(prefix), "expected: begins with '" + prefix + "'");
  }

  static SecretValidator matches(Pattern pattern) {
    return text(pattern.asMatchPredicate(), "expected: matches /" + pattern.pattern() + "/");
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

  private static boolean isJsonObject(String text) {
    try {
      return Json.parse(text) instanceof Map;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
