package de.lifetimecircle.secrets.microprofile;

import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** Builds a configuration as a service in the profile {@code prod} has it. Stateless. */
final class ConfigInProduction {
  private ConfigInProduction() {}

  static SmallRyeConfig with(List<ConfigSource> sources) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .addDiscoveredInterceptors()
        .withProfile("prod")
        .addDiscoveredSources()
        .addDiscoveredSecretKeysHandlers()
        .withSources(sources)
        .build();
  }
}
