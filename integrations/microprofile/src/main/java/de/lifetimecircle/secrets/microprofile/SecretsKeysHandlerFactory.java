package de.lifetimecircle.secrets.microprofile;

import com.google.auto.service.AutoService;
import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.SecretKeysHandler;
import io.smallrye.config.SecretKeysHandlerFactory;

/**
 * Answers to expressions {@code ${secrets::NAME}} and {@code ${secrets::NAME#field}} in properties
 * of SmallRye Config, which Quarkus uses. SmallRye asks at each look-up of a property, so {@code
 * Config.getValue}, {@code Provider<String>} and {@code Supplier<String>} give the current version.
 * Stateless.
 */
@AutoService(SecretKeysHandlerFactory.class)
public final class SecretsKeysHandlerFactory implements SecretKeysHandlerFactory {
  private static final String NAME = "secrets";

  /** For SmallRye. */
  public SecretsKeysHandlerFactory() {}

  @Override
  public String getName() {
    return NAME;
  }

  /** The settings may be in files that SmallRye adds later, such as those of a profile. */
  @Override
  public SecretKeysHandler getSecretKeysHandler(ConfigSourceContext context) {
    return new LazySecretKeysHandler(new WithAllSources());
  }

  /** SmallRye asks it at the first expression, with the whole configuration. */
  private static final class WithAllSources implements SecretKeysHandlerFactory {
    @Override
    public String getName() {
      return NAME;
    }

    @Override
    public SecretKeysHandler getSecretKeysHandler(ConfigSourceContext context) {
      return new Handler(ConfiguredSecrets.of(context));
    }
  }

  private record Handler(ConfiguredSecrets secrets) implements SecretKeysHandler {
    @Override
    public String decode(String secretName) {
      return secrets.get(ConfigReference.of(secretName));
    }

    @Override
    public String getName() {
      return NAME;
    }
  }
}
