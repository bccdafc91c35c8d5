package de.lifetimecircle.secrets.springboot;

import java.util.List;
import org.springframework.boot.context.config.ConfigData;
import org.springframework.boot.context.config.ConfigDataLoader;
import org.springframework.boot.context.config.ConfigDataLoaderContext;

/** Loads the lazy source that {@code spring.config.import=secrets:} stands for. */
final class SecretsLoader implements ConfigDataLoader<SecretsResource> {
  @Override
  public ConfigData load(ConfigDataLoaderContext context, SecretsResource resource) {
    return new ConfigData(List.of(new SecretsPropertySource(resource.reads())));
  }
}
