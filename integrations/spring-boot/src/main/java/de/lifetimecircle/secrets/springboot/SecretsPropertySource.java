package de.lifetimecircle.secrets.springboot;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;

/**
 * Answers the property names that begin with {@code secret.} from the backend, and no others. Every
 * answer comes through the cache of the provider, so it follows a rotation.
 *
 * <p>It is enumerable and lists nothing: the names of all secrets concern no bean, and Boot asks a
 * source that is not enumerable for names that it only guesses.
 */
final class SecretsPropertySource extends EnumerablePropertySource<PropertyReads> {
  private static final String NAME = "secrets";
  private static final String[] NOTHING = {};

  SecretsPropertySource(PropertyReads reads) {
    super(NAME, reads);
  }

  /** Returns the source that the import has added to an environment. */
  static Optional<SecretsPropertySource> in(ConfigurableEnvironment environment) {
    PropertySource<?> source = environment.getPropertySources().get(NAME);
    return source instanceof SecretsPropertySource secrets
        ? Optional.of(secrets)
        : Optional.empty();
  }

  @Override
  public String[] getPropertyNames() {
    return NOTHING.clone();
  }

  @Override
  public boolean containsProperty(String name) {
    return getProperty(name) != null;
  }

  @Override
  public @Nullable Object getProperty(String name) {
    SecretReference reference = SecretReference.of(name);
    return reference == null ? null : source.read(reference, name);
  }
}
