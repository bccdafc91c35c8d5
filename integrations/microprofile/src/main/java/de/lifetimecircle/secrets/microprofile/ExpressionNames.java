package de.lifetimecircle.secrets.microprofile;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/** Finds the secrets that expressions in a configuration name. Stateless. */
final class ExpressionNames {
  private static final Pattern EXPRESSION =
      Pattern.compile("\\$\\{(?:secrets::|secret\\.)([^{}:]+)[:}]");

  private ExpressionNames() {}

  /** The names of all sources, except those with a brace, which show when they are read. */
  static Set<String> in(Iterable<ConfigSource> sources) {
    Set<String> names = new TreeSet<>();
    for (ConfigSource source : sources) {
      for (String property : source.getPropertyNames()) {
        names.addAll(of(source.getValue(property)));
      }
    }
    return names;
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
}
