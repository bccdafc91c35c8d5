package de.lifetimecircle.secrets.internal.config;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.internal.types.EngineAccess;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Values for local work, taken from the environment instead of the backend.
 *
 * <p>The variable of a name follows from a pattern: in {@code {NAME}_LOCAL} the placeholder stands
 * for the last segment of the name in capitals, with {@code _} for whatever a variable cannot have.
 */
public final class LocalOverrides {
  static final String PLACEHOLDER = "{NAME}";

  private final @Nullable String pattern;
  private final Map<String, String> environment;

  /** With a pattern of null, overrides are off. */
  public LocalOverrides(@Nullable String pattern, Map<String, String> environment) {
    this.pattern = pattern;
    this.environment = environment;
  }

  /** The variable that would override the name; nothing when overrides are off. */
  public Optional<String> variable(String name) {
    if (pattern == null) {
      return Optional.empty();
    }
    String last = name.substring(name.lastIndexOf('/') + 1).toUpperCase(Locale.ROOT);
    return Optional.of(pattern.replace(PLACEHOLDER, last.replaceAll("[^A-Z0-9]", "_")));
  }

  /** Whether the name has an override, a usable or an empty one; the backend is not asked then. */
  public boolean isSet(String name) {
    Optional<String> variable = variable(name);
    return variable.isPresent() && environment.containsKey(variable.get());
  }

  /**
   * The value that overrides the name, if its variable is set. An empty variable is refused as
   * {@code INVALID_VALUE}: whoever exports one has most likely not filled it in, and would else
   * work with an empty secret, or with the backend's without knowing.
   */
  public Optional<SecretValue> find(String name) {
    Optional<String> variable = variable(name);
    String text = variable.isEmpty() ? null : environment.get(variable.get());
    if (text == null) {
      return Optional.empty();
    }
    if (text.isEmpty()) {
      throw SecretException.of(SecretException.Kind.INVALID_VALUE, "use an override for secret")
          .name(name)
          .reason("the variable " + variable.get() + " is empty")
          .advice("Give it the value, or unset it so that the backend is asked")
          .build();
    }
    return Optional.of(EngineAccess.types().toShared(SecretValue.of(text)));
  }
}
