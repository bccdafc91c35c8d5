package de.lifetimecircle.secrets.microprofile;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/** Finds the secrets that expressions in a configuration name. Stateless. */
final class ExpressionNames {
  private static final Pattern EXPRESSION =
      Pattern.compile("\\$\\{(?:secrets::|secret\\.)([^{}:]+)[:}]");

  /** An expression that refers to another property, up to its default. */
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^{}:]+)[:}]");

  private ExpressionNames() {}

  /**
   * The names of all sources, except those with a brace, which show when they are read, and those
   * of profiles that are not in force: the backend may deny them to this process.
   */
  static Set<String> in(Iterable<ConfigSource> sources, List<String> profiles) {
    Set<String> names = new TreeSet<>();
    for (ConfigSource source : sources) {
      for (String property : source.getPropertyNames()) {
        if (isInForce(property, profiles)) {
          names.addAll(of(source.getValue(property)));
        }
      }
    }
    return names;
  }

  /** Whether a property is of no profile, or of one in force: {@code %dev,test.NAME}. */
  static boolean isInForce(String property, List<String> profiles) {
    int end = property.indexOf('.');
    return !property.startsWith("%")
        || end < 0
        || Stream.of(property.substring(1, end).split(","))
            .map(String::strip)
            .anyMatch(profiles::contains);
  }

  /** The names in one value. */
  static Set<String> of(@Nullable String value) {
    Set<String> names = new TreeSet<>();
    if (value != null && value.indexOf('$') >= 0) {
      Matcher found = EXPRESSION.matcher(value);
      while (found.find()) {
        names.add(ConfigReference.of(found.group(1)).name());
      }
    }
    return names;
  }

  /**
   * The names in one value and in the properties that it refers to, and so on.
   *
   * @param properties the value of a property by its name; null if it has none
   */
  static Set<String> of(@Nullable String value, Function<String, @Nullable String> properties) {
    Set<String> names = new TreeSet<>();
    Set<String> known = new HashSet<>(); // a property may refer to itself
    Deque<String> values = new ArrayDeque<>();
    String next = value;
    while (next != null) {
      names.addAll(of(next));
      Matcher found = REFERENCE.matcher(next);
      while (found.find()) {
        String property = found.group(1);
        boolean isSecret = property.startsWith(SecretsConfigSourceFactory.PREFIX);
        String referred = !isSecret && known.add(property) ? properties.apply(property) : null;
        if (referred != null) {
          values.add(referred);
        }
      }
      next = values.poll();
    }
    return names;
  }
}
