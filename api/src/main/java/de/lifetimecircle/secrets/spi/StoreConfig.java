package de.lifetimecircle.secrets.spi;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The settings of one backend: only known keys, none checked further. A store checks all of them in
 * {@link SecretStoreFactory#open} and reports every mistake at once with {@link ConfigProblems}.
 *
 * <pre>{@code
 * StoreConfig config =
 *     new StoreConfig(
 *         Map.of("url", "https://vault.example.org"), // in a test of a factory
 *         variable -> Optional.empty(),
 *         Duration.ofSeconds(10),
 *         InstantSource.system());
 * String url = config.get("url").orElse("https://localhost:8200");
 * String token = config.environment().apply("EXAMPLE_TOKEN").orElse("");
 * }</pre>
 *
 * @param values the values by key, without the scheme
 * @param environment the value of an environment variable, for a backend's own variables
 * @param timeout the longest time for one call in total; greater than 0
 * @param clock the time of day, for time stamps and expiry
 */
public record StoreConfig(
    Map<String, String> values,
    Function<String, Optional<String>> environment,
    Duration timeout,
    InstantSource clock) {
  /**
   * Collects what a store gets to know when it is opened.
   *
   * @param values the values by key, without the scheme; copied
   * @param environment called when the store asks for a variable; empty for one that is not set
   * @param timeout the longest time for one call
   * @param clock must not block
   */
  public StoreConfig {
    values = Map.copyOf(values);
  }

  /**
   * Reads a setting.
   *
   * @param key the key without the scheme, as {@link ConfigKey#name} has it
   * @return its value as the user wrote it; empty if it is not set. A default of the key is not
   *     filled in
   */
  public Optional<String> get(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /** Shows the keys that are set, no value. */
  @Override
  public String toString() {
    return "StoreConfig[keys=" + values.keySet() + ", timeout=" + timeout + "]";
  }
}
