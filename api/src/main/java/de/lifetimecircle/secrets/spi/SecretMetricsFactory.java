package de.lifetimecircle.secrets.spi;

import java.util.List;

/**
 * Creates the metrics that the setting {@code metrics} names by a word. {@link
 * java.util.ServiceLoader} finds it, so it needs a public constructor without parameters.
 */
public interface SecretMetricsFactory {
  /**
   * Returns the word for these metrics in the setting {@code metrics}, such as {@code micrometer}:
   * lower-case letters, digits and hyphens.
   */
  String word();

  /** Returns the settings that follow the word and a dot, such as {@code micrometer.names}. */
  default List<ConfigKey> keys() {
    return List.of();
  }

  /**
   * Creates the metrics of one provider. Called once for each provider; does no I/O.
   *
   * @param scheme the word for the backend
   * @param settings those of {@link #keys()} that are set
   * @throws de.lifetimecircle.secrets.SecretException {@code CONFIGURATION} with all mistakes
   */
  SecretMetrics create(String scheme, StoreConfig settings);
}
