package de.lifetimecircle.secrets.spi;

import java.util.List;

/**
 * Creates the metrics that the setting {@code metrics} names by a word. {@link
 * java.util.ServiceLoader} finds it, so it needs a public constructor without parameters.
 *
 * <pre>{@code
 * final class ExampleMetricsFactory implements SecretMetricsFactory {
 *   @Override
 *   public String word() {
 *     return "example"; // metrics=example
 *   }
 *
 *   @Override
 *   public SecretMetrics create(String scheme, StoreConfig settings) {
 *     return new SecretMetrics() {
 *       @Override
 *       public void read(Secret.Origin origin) {
 *         System.out.println("a read of " + scheme + ", answered by " + origin);
 *       }
 *     };
 *   }
 * }
 * }</pre>
 */
public interface SecretMetricsFactory {
  /**
   * The word that selects these metrics in the setting {@code metrics}.
   *
   * @return lower-case letters, digits and hyphens, such as {@code micrometer}; the same at every
   *     call
   */
  String word();

  /**
   * Describes the settings that follow the word and a dot, such as {@code micrometer.names}.
   *
   * @return every setting that {@link #create} reads; empty unless overridden
   */
  default List<ConfigKey> keys() {
    return List.of();
  }

  /**
   * Creates the metrics of one provider. Called once for each provider; does no I/O.
   *
   * @param scheme the word for the backend
   * @param settings those of {@link #keys()} that are set
   * @return metrics that this provider alone calls
   * @throws de.lifetimecircle.secrets.SecretException {@code CONFIGURATION} with all mistakes
   */
  SecretMetrics create(String scheme, StoreConfig settings);
}
