package de.lifetimecircle.secrets.micrometer;

import com.google.auto.service.AutoService;
import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.SecretMetrics;
import de.lifetimecircle.secrets.spi.SecretMetricsFactory;
import de.lifetimecircle.secrets.spi.StoreConfig;
import io.micrometer.core.instrument.Metrics;
import java.util.List;
import java.util.Optional;

/**
 * Answers to {@code metrics=micrometer} with meters in Micrometer's global registry, to which a
 * program adds its own ones. Spring Boot does so by itself. Stateless.
 */
@AutoService(SecretMetricsFactory.class)
public final class SecretMetersFactory implements SecretMetricsFactory {
  private static final String NAMES = "names";

  @Override
  public String word() {
    return "micrometer";
  }

  @Override
  public List<ConfigKey> keys() {
    return List.of(
        ConfigKey.of(
            NAMES,
            "The names that may be a tag of secrets.loads, with commas between them; none by"
                + " default."));
  }

  @Override
  public SecretMetrics create(String scheme, StoreConfig settings) {
    ConfigProblems problems = new ConfigProblems();
    SecretMeters meters = new SecretMeters(names(settings.get(NAMES), problems));
    problems.throwIfAny();
    meters.bindTo(Metrics.globalRegistry);
    return meters;
  }

  private static List<String> names(Optional<String> setting, ConfigProblems problems) {
    List<String> names =
        setting.map(text -> List.of(text.strip().split("\\s*,\\s*", -1))).orElse(List.of());
    if (names.contains("")) {
      problems.add(
          "micrometer.names: "
              + setting.orElse("")
              + " (expected: names with one comma between them, or no such setting)");
      return List.of();
    }
    return names.stream().distinct().toList();
  }
}
