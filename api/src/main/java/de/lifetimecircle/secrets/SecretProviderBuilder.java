package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.SecretMetrics;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Collects the settings of a provider made in code; they win over system properties, environment,
 * file and class path. Not safe for use by several threads; {@link #build} does no network I/O.
 */
public final class SecretProviderBuilder {
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final Map<String, List<SecretValidator>> validators = new LinkedHashMap<>();
  private final List<SecretListener> listeners = new ArrayList<>();
  private @Nullable SecretStore store;
  private Map<String, String> environment = System.getenv();
  private TimeSource time = TimeSource.system();
  private @Nullable ScheduledExecutorService timer;
  private @Nullable ExecutorService workers;
  private @Nullable SecretMetrics metrics;

  private RandomGenerator random = new OfEachThread();

  SecretProviderBuilder() {}

  /** Drawn by many threads at once, which the JDK's default generator does not allow. */
  private static final class OfEachThread implements RandomGenerator {
    @Override
    public long nextLong() {
      return ThreadLocalRandom.current().nextLong();
    }
  }

  /** Chooses the backend by its scheme; short for {@code set("backend", scheme)}. */
  public SecretProviderBuilder backend(String scheme) {
    return set("backend", scheme);
  }

  /** Sets one key, written as in {@code secrets.properties}; {@link #build} checks it. */
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

  /** Adds a listener for the events of all names. */
  public SecretProviderBuilder listener(SecretListener listener) {
    listeners.add(listener);
    return this;
  }

  /** Passes the figures on to these metrics instead of those that the configuration names. */
  public SecretProviderBuilder metrics(SecretMetrics metrics) {
    this.metrics = metrics;
    return this;
  }

  /** Replaces the environment that overrides and configuration are read from. */
  public SecretProviderBuilder environment(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
    return this;
  }

  /**
   * Replaces the time of day that secrets are stamped with; a {@link TimeSource} replaces the
   * monotonic time by which their age is measured as well.
   */
  public SecretProviderBuilder clock(InstantSource clock) {
    this.time = TimeSource.of(clock);
    return this;
  }

  /**
   * Replaces the timer and the threads that loads, refreshes and events run on; not shut down by
   * the provider. No load runs on a reader's own thread then.
   */
  public SecretProviderBuilder executors(ScheduledExecutorService timer, ExecutorService workers) {
    this.timer = timer;
    this.workers = workers;
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
    return assemble(Local.OVERRIDES).provider();
  }

  /**
   * Makes a writer and the provider that belongs to it; neither sees a local override.
   *
   * @throws SecretException {@code CONFIGURATION} with all mistakes at once
   */
  public SecretWriter buildWriter() {
    return assemble(Local.NOTHING);
  }

  /** The local sources that are asked before the backend. */
  private enum Local {
    OVERRIDES,
    NOTHING
  }

  private WritePipeline assemble(Local local) {
    ConfigProblems problems = new ConfigProblems();
    Map<String, SecretStoreFactory> factories = StoreFactories.find(problems);
    Configuration configuration = configuration(factories, problems);

    // Every part is made before the problems are thrown, so that all of them are known.
    CachePolicy policy = configuration.policy();
    ValueSizeLimit limits = configuration.limits();
    String pattern = configuration.overridePattern(); // checked for a writer, too
    LocalOverrides overrides =
        new LocalOverrides(local == Local.OVERRIDES ? pattern : null, environment);
    ValueValidation validation = new ValueValidation(configuration.validators(validators));
    String scheme = store != null ? "store" : configuration.text(Configuration.BACKEND);
    EngineMetrics engineMetrics = configuration.metrics(metrics, scheme);
    SecretStore opened = open(scheme, factories, configuration, policy, problems);
    problems.throwIfAny();
    Objects.requireNonNull(opened, "a store is there when there is no problem");

    EngineThreads threads = EngineThreads.of(timer, workers);
    CallExecutor calls = new CallExecutor(scheme, policy, opened, threads, random, engineMetrics);
    EngineParts parts =
        new EngineParts(
            scheme,
            configuration.text("prefix"),
            policy,
            calls,
            overrides,
            validation,
            limits,
            new EventDelivery(threads, listeners, engineMetrics),
            engineMetrics,
            new ValueWiper(),
            time,
            random,
            configuration.settings(),
            threads);
    return new WritePipeline(new Pipeline(opened, parts), opened, parts);
  }

  private Configuration configuration(
      Map<String, SecretStoreFactory> factories, ConfigProblems problems) {
    Set<String> keys = Configuration.keys(factories);
    ConfigSources sources = new ConfigSources(problems, environment);
    Configuration configuration =
        new Configuration(sources.read(settings, keys), factories, problems);
    sources.reportMistypedVariables(environment.keySet(), keys);
    configuration.reportUnknownKeys();
    return configuration;
  }

  private @Nullable SecretStore open(
      String scheme,
      Map<String, SecretStoreFactory> factories,
      Configuration configuration,
      CachePolicy policy,
      ConfigProblems problems) {
    try {
      SecretStore opened = store;
      if (opened == null) {
        SecretStoreFactory factory = factories.get(scheme);
        if (factory == null) {
          problems.add(StoreFactories.missing(scheme, factories));
          return null;
        }
        opened = factory.open(config(scheme, configuration, policy));
      }
      boolean audited = !configuration.text("audit.log").isEmpty();
      return audited
          ? StoreFactories.audit().around(opened, scheme, config("audit", configuration, policy))
          : opened;
    } catch (SecretException e) {
      if (e.kind() != SecretException.Kind.CONFIGURATION || e.problems().isEmpty()) {
        throw e;
      }
      for (String problem : e.problems()) {
        problems.add(problem);
      }
      return null;
    }
  }

  private StoreConfig config(String of, Configuration configuration, CachePolicy policy) {
    return new StoreConfig(
        configuration.of(of),
        variable -> Optional.ofNullable(environment.get(variable)),
        policy.timeout(),
        time);
  }
}
