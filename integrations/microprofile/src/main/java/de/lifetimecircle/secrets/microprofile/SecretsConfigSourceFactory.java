package de.lifetimecircle.secrets.microprofile;

import com.google.auto.service.AutoService;
import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * Adds properties {@code secret.NAME} and {@code secret.NAME#field}, with the ordinal 100: a
 * property of the same name in another source wins, as a test or a developer may want. The source
 * asks a backend about these names only, and lists none.
 *
 * <p>The secrets that expressions in other sources name begin to load when the configuration is
 * made. Stateless.
 */
@AutoService(ConfigSourceFactory.class)
public final class SecretsConfigSourceFactory implements ConfigSourceFactory {
  static final String PREFIX = "secret.";

  /** For SmallRye. */
  public SecretsConfigSourceFactory() {}

  @Override
  public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
    ConfiguredSecrets secrets = ConfiguredSecrets.of(context);
    if (!QuarkusBuild.isUnderWay()) {
      Iterable<ConfigSource> sources = context.getConfigSources();
      List<String> profiles = context.getProfiles();
      secrets.prefetch(ExpressionNames.in(sources, profiles));
      UnfollowedRotations.warn(sources, profiles, secrets);
    }
    return List.of(new Source(secrets));
  }

  private record Source(ConfiguredSecrets secrets) implements ConfigSource {
    @Override
    public @Nullable String getValue(String property) {
      boolean isOurs = property.startsWith(PREFIX) && property.length() > PREFIX.length();
      if (!isOurs || property.indexOf(':') >= 0) { // SmallRye tries secret.NAME:default first
        return null;
      }
      return secrets.find(ConfigReference.of(property.substring(PREFIX.length()))).orElse(null);
    }

    @Override
    public Set<String> getPropertyNames() {
      return Set.of();
    }

    @Override
    public Map<String, String> getProperties() {
      return Map.of();
    }

    @Override
    public String getName() {
      return "secrets";
    }

    @Override
    public int getOrdinal() {
      return DEFAULT_ORDINAL;
    }
  }
}
