package de.lifetimecircle.secrets.opentelemetry;

import com.google.auto.service.AutoService;
import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.SecretMetrics;
import de.lifetimecircle.secrets.spi.SecretMetricsFactory;
import de.lifetimecircle.secrets.spi.StoreConfig;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import java.util.List;
import java.util.Optional;

/**
 * Answers to {@code metrics=opentelemetry} with the OpenTelemetry that the program or its agent has
 * set as the global one, as soon as it is set. Stateless.
 */
@AutoService(SecretMetricsFactory.class)
public final class SecretTelemetryFactory implements SecretMetricsFactory {
  private static final String NAMES = "names";

  @Override
  public String word() {
    return "opentelemetry";
  }

  @Override
  public List<ConfigKey> keys() {
    return List.of(
        ConfigKey.of(
            NAMES,
            "The names that may be an attribute, with commas between them; none by default."));
  }

  @Override
  public SecretMetrics create(String scheme, StoreConfig settings) {
    ConfigProblems problems = new ConfigProblems();
    List<String> names = names(settings.get(NAMES), problems);
    requireApi(problems);
    problems.throwIfAny();
    return new SecretTelemetry(SecretTelemetryFactory::global, names);
  }

  /**
   * An older API offers only get(). Without this check the provider would count a failure at each
   * load, and no metric would show it.
   */
  private static void requireApi(ConfigProblems problems) {
    try {
      var unused = GlobalOpenTelemetry.isSet();
    } catch (LinkageError e) {
      problems.add(
          "metrics: opentelemetry (expected: io.opentelemetry:opentelemetry-api 1.57 or newer on"
              + " the class path; with Spring Boot's dependency management set the property"
              + " opentelemetry.version; or use builder().metrics(new"
              + " SecretTelemetry(openTelemetry)), which needs API 1.49)");
    }
  }

  /**
   * Not by get(), which would set one that does nothing, and the program could set none any more.
   */
  private static Optional<OpenTelemetry> global() {
    return GlobalOpenTelemetry.isSet() ? Optional.of(GlobalOpenTelemetry.get()) : Optional.empty();
  }

  private static List<String> names(Optional<String> setting, ConfigProblems problems) {
    List<String> names =
        setting.map(text -> List.of(text.strip().split("\\s*,\\s*", -1))).orElse(List.of());
    if (names.contains("")) {
      problems.add(
          "opentelemetry.names: "
              + setting.orElse("")
              + " (expected: names with one comma between them, or no such setting)");
      return List.of();
    }
    return names.stream().distinct().toList();
  }
}
