package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.spi.SecretStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Collects the settings of a provider made in code; they win over system properties, environment,
 * file and class path. Not safe for use by several threads; {@link #build} does no network I/O.
 */
public final class SecretProviderBuilder {
  final Map<String, String> settings = new LinkedHashMap<>();
  final Map<String, List<SecretValidator>> validators = new LinkedHashMap<>();
  final List<SecretListener> listeners = new ArrayList<>();
  @Nullable SecretStore store;
  Function<String, Optional<String>> environment = v -> Optional.ofNullable(System.getenv(v));
  InstantSource clock = InstantSource.system();
  @Nullable ScheduledExecutorService scheduler;
  @Nullable ScheduledExecutorService loader;
  RandomGenerator random = RandomGenerator.getDefault();

  SecretProviderBuilder() {}

  /** Chooses the backend by its scheme; short for {@code set("backend", scheme)}. */
  public SecretProviderBuilder backend(String scheme) {
    return set("backend", scheme);
  }

  /** Sets one key as it would stand in {@code secrets.properties}; checked by {@link #build}. */
  public SecretProviderBuilder set(String key, String value) {
    settings.put(key, value);
    return this;
  }

  /** Uses this store instead of one opened by scheme; the provider owns and closes it. */
  public SecretProviderBuilder store(SecretStore store) {
    this.store = store;
    return this;
  }

  /** Adds a rule for the values of a name, besides those of the configuration. */
  public SecretProviderBuilder validator(String name, SecretValidator validator) {
    validators.computeIfAbsent(name, n -> new ArrayList<>()).add(validator);
    return this;
  }

  /** Adds a listener that is told of the events of all names. */
  public SecretProviderBuilder listener(SecretListener listener) {
    listeners.add(listener);
    return this;
  }

  /** Replaces the environment that overrides and configuration are read from. */
  public SecretProviderBuilder environment(Function<String, Optional<String>> environment) {
    this.environment = environment;
    return this;
  }

  /** Replaces the time of day that secrets are stamped with. */
  public SecretProviderBuilder clock(InstantSource clock) {
    this.clock = clock;
    return this;
  }

  /**
   * Replaces the timer and the threads that loads, refreshes and events run on; not shut down by
   * the provider.
   */
  public SecretProviderBuilder executors(
      ScheduledExecutorService timer, ScheduledExecutorService workers) {
    this.scheduler = timer;
    this.loader = workers;
    return this;
  }

  /** Replaces the source of jitter. */
  public SecretProviderBuilder random(RandomGenerator random) {
    this.random = random;
    return this;
  }

  /**
   * Makes a provider.
   *
   * @throws SecretException {@code CONFIGURATION} with all mistakes at once
   */
  public SecretProvider build() {
    throw new UnsupportedOperationException();
  }

  /**
   * Makes a writer and the provider that belongs to it.
   *
   * @throws SecretException {@code CONFIGURATION} with all mistakes at once
   */
  public SecretWriter buildWriter() {
    throw new UnsupportedOperationException();
  }
}
