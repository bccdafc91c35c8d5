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
  /** Copies the values. */
  public StoreConfig {
    values = Map.copyOf(values);
  }

  /** The value of a key. */
  public Optional<String> get(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /** Shows the keys that are set, no value. */
  @Override
  public String toString() {
    return "StoreConfig[keys=" + values.keySet() + ", timeout=" + timeout + "]";
  }
}
