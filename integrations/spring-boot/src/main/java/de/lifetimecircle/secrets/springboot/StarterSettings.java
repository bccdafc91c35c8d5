package de.lifetimecircle.secrets.springboot;

import de.lifetimecircle.secrets.spi.NearestName;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.core.env.ConfigurableEnvironment;

/** The settings that only the starter knows, in every form that Boot binds. Stateless. */
final class StarterSettings {
  private static final String PREFIX = EnvironmentSettings.PREFIX;
  private static final String REQUIRE = "require";

  /** The setting that {@link #required} reads. */
  static final String REQUIRED = PREFIX + REQUIRE;

  private static final String REQUIRE_PLACEHOLDERS = "require-placeholders";
  private static final String BUNDLES = "ssl";
  private static final String DATABASE = "datasource";
  private static final List<String> OF_BUNDLE = List.of("certificate", "private-key", "trust");
  private static final List<String> OF_DATABASE =
      List.of("secret", "user", "password", "url", "wait-up-to", "evict-after-rotation");

  private StarterSettings() {}

  /** The names that the application cannot start without. */
  static List<String> required(ConfigurableEnvironment environment) {
    return Binder.get(environment)
        .bind(REQUIRED, Bindable.listOf(String.class))
        .orElseGet(List::of);
  }

  /** Whether a placeholder without a default of its own needs its secret; by default it does. */
  static boolean requirePlaceholders(ConfigurableEnvironment environment) {
    return Binder.get(environment).bind(PREFIX + REQUIRE_PLACEHOLDERS, Boolean.class).orElse(true);
  }

  /** Whether a property with the prefix {@code secrets.} is a setting of the starter. */
  static boolean contain(String property) {
    ConfigurationPropertyName name = name(property);
    return switch (owner(name)) {
      case REQUIRE, "requireplaceholders" -> name.getNumberOfElements() == 2;
      case DATABASE -> name.getNumberOfElements() == 3 && isLastOf(name, OF_DATABASE);
      case BUNDLES -> name.getNumberOfElements() == 4 && isLastOf(name, OF_BUNDLE);
      default -> false;
    };
  }

  /**
   * Says what is wrong with a property that is none of these settings; empty if the library has to
   * judge it.
   */
  static Optional<String> mistake(String property, Collection<String> keysOfLibrary) {
    ConfigurationPropertyName name = name(property);
    String owner = owner(name);
    if (owner.isEmpty() || owner.equals("validate")) {
      return Optional.empty();
    }
    Set<String> own = similar(name);
    boolean isOwn = owner.equals(DATABASE) || owner.equals(BUNDLES);
    Set<String> all = new LinkedHashSet<>(isOwn ? List.of() : keysOfLibrary);
    all.addAll(own);
    Optional<String> nearest =
        NearestName.of(name.toString().substring(PREFIX.length()), all).filter(own::contains);
    String hint = nearest.map(key -> "; did you mean '" + PREFIX + key + "'?").orElse("");
    return isOwn || nearest.isPresent()
        ? Optional.of(property + ": unknown key" + hint)
        : Optional.empty();
  }

  /** The settings that a mistyped one may stand for, without the prefix. */
  private static Set<String> similar(ConfigurationPropertyName name) {
    Set<String> keys = new LinkedHashSet<>(List.of(REQUIRE, REQUIRE_PLACEHOLDERS));
    OF_DATABASE.forEach(key -> keys.add(DATABASE + "." + key));
    if (owner(name).equals(BUNDLES) && name.getNumberOfElements() > 2) {
      String bundle = name.chop(3).toString().substring(PREFIX.length());
      OF_BUNDLE.forEach(key -> keys.add(bundle + "." + key));
    }
    return keys;
  }

  /** Without the index of a list. */
  private static ConfigurationPropertyName name(String property) {
    ConfigurationPropertyName name = ConfigurationPropertyName.adapt(property, '.');
    return name.getNumberOfElements() == 3 && name.isNumericIndex(2) ? name.chop(2) : name;
  }

  private static String owner(ConfigurationPropertyName name) {
    return name.getNumberOfElements() > 1 ? name.getElement(1, Form.UNIFORM) : "";
  }

  private static boolean isLastOf(ConfigurationPropertyName name, List<String> keys) {
    String last = name.getLastElement(Form.UNIFORM);
    return keys.stream().anyMatch(key -> key.replace("-", "").equals(last));
  }
}
