package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.internal.CachingSecretProvider;
import de.lifetimecircle.secrets.internal.CachingSecretWriter;
import de.lifetimecircle.secrets.internal.cache.EngineParts;
import de.lifetimecircle.secrets.internal.cache.ValueEraser;
import de.lifetimecircle.secrets.internal.call.CallExecutor;
import de.lifetimecircle.secrets.internal.call.EngineThreads;
import de.lifetimecircle.secrets.internal.config.ConfigSources;
import de.lifetimecircle.secrets.internal.config.Configuration;
import de.lifetimecircle.secrets.internal.config.Extensions;
import de.lifetimecircle.secrets.internal.config.LocalOverrides;
import de.lifetimecircle.secrets.internal.config.PushSettings;
import de.lifetimecircle.secrets.internal.config.UncalledMethods;
import de.lifetimecircle.secrets.internal.config.ValueSizeLimit;
import de.lifetimecircle.secrets.internal.config.ValueValidation;
import de.lifetimecircle.secrets.internal.events.EventDelivery;
import de.lifetimecircle.secrets.internal.metrics.EngineMetrics;
import de.lifetimecircle.secrets.internal.push.RotationPush;
import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.RotationChannel;
import de.lifetimecircle.secrets.spi.SecretMetrics;
import de.lifetimecircle.secrets.spi.SecretStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Collects the settings of a provider made in code; they override system properties, environment,
 * file and class path.
 *
 * <pre>{@code
 * SecretProvider secrets =
 *     SecretProvider.builder()
 *         .backend("vault")
 *         .set("vault.address", "https://vault.example.org:8200")
 *         .set("soft-age", "1m")
 *         .listener(event -> System.out.println(event))
 *         .build();
 * }</pre>
 *
 * <p>Not safe for use by several threads; {@link #build} does no network I/O.
 */
public final class SecretProviderBuilder {
  private final Map<String, ConfigSources.Given> settings = new LinkedHashMap<>();
  private final Map<String, List<SecretValidator>> validators = new LinkedHashMap<>();
  private final List<SecretListener> listeners = new ArrayList<>();
  private @Nullable SecretStore store;
  private Map<String, String> environment = System.getenv();
  private TimeSource time = TimeSource.system();
  private @Nullable ExecutorService workers;
  private final List<SecretMetrics> metrics = new ArrayList<>();
  private @Nullable RotationChannel channel;
  private Function<String, Optional<String>> descriptions = name -> Optional.empty();
  private boolean namesAreWhole;

  /** Drawn by many threads at once, which the JDK's default generator does not allow. */
  private RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();

  SecretProviderBuilder() {
    AccessForEngine.offer();
  }

  /**
   * Lists every key that {@link #set(String, String)} takes with the jars on the class path. Not in
   * the list are the rules for values, whose keys contain the name of a secret, as in {@code
   * validate.NAME.min-length}. Reads the class path at each call.
   *
   * @return the library's own keys, then those of each backend and of metrics, with their defaults
   * @throws SecretException {@code CONFIGURATION} if two jars claim the same word, or if one cannot
   *     be loaded
   */
  public static List<ConfigKey> keys() {
    ConfigProblems problems = new ConfigProblems();
    Map<String, ConfigKey> keys = new Extensions(problems).keys();
    problems.throwIfAny();
    return List.copyOf(keys.values());
  }

  /**
   * Chooses the backend by its scheme; short for {@code set("backend", scheme)}.
   *
   * @param scheme {@code gpg}, {@code aws}, {@code azure}, {@code vault}, or that of another jar on
   *     the class path
   * @return this builder
   */
  public SecretProviderBuilder backend(String scheme) {
    return set("backend", scheme);
  }

  /**
   * Sets one key, written as in {@code secrets.properties}. The key {@code config} names a file of
   * settings, which are weaker than those of the environment.
   *
   * @param key a key in kebab-case, such as {@code soft-age} or {@code aws.region}
   * @param value its value as text; {@link #build} checks it, and rejects null as a mistake of the
   *     configuration
   * @return this builder; of two values for one key, the later one counts
   */
  public SecretProviderBuilder set(String key, String value) {
    return set(key, value, "builder");
  }

  /**
   * Sets one key as {@link #set(String, String)} does, and says where the value is from. Messages
   * about the key and {@link SecretProvider#settings} name that source.
   *
   * @param key a key in kebab-case, such as {@code soft-age}
   * @param value its value as text
   * @param source an option of a command line, or file and line of a framework's configuration; is
   *     printed, so it must not contain the value
   * @return this builder
   */
  public SecretProviderBuilder set(String key, String value, String source) {
    settings.put(key, new ConfigSources.Given(value, source));
    return this;
  }

  /**
   * Uses this store instead of one opened by scheme.
   *
   * @param store the backend, which the provider owns and closes from then on
   * @return this builder
   */
  public SecretProviderBuilder store(SecretStore store) {
    this.store = store;
    return this;
  }

  /**
   * Adds a rule for the values of a name, besides those of the configuration.
   *
   * @param name the name, without the setting {@code prefix}
   * @param validator called for each value before it is served or written
   * @return this builder
   */
  public SecretProviderBuilder validator(String name, SecretValidator validator) {
    validators.computeIfAbsent(name, n -> new ArrayList<>()).add(validator);
    return this;
  }

  /**
   * Adds a listener for the events of all names. It keeps no name fresh: for that, see {@link
   * SecretProvider#onChange}.
   *
   * @param listener called on a thread of the provider, one event at a time
   * @return this builder
   */
  public SecretProviderBuilder listener(SecretListener listener) {
    listeners.add(listener);
    return this;
  }

  /**
   * Adds metrics that the figures are passed on to, besides those added before and those that the
   * configuration names.
   *
   * @param metrics called by many threads; must not block
   * @return this builder
   */
  public SecretProviderBuilder metrics(SecretMetrics metrics) {
    this.metrics.add(metrics);
    return this;
  }

  /**
   * Uses this channel for rotations instead of the one that the setting {@code push} names.
   *
   * @param channel the channel, which the provider owns and closes from then on
   * @return this builder
   */
  public SecretProviderBuilder push(RotationChannel channel) {
    this.channel = channel;
    return this;
  }

  /**
   * Adds the purposes of secrets, in words. A writer hands them to the backend with each value, and
   * a backend that keeps a text for people beside a secret stores it with a new one: AWS shows it
   * as the description.
   *
   * @param purposes the purpose of the secret of a name, as {@link SecretWriter#put} takes it;
   *     empty if it has none
   * @return this builder
   */
  public SecretProviderBuilder descriptions(Function<String, Optional<String>> purposes) {
    this.descriptions = purposes;
    return this;
  }

  /**
   * Takes every name as the backend has it, so that the setting {@code prefix} is put before none.
   * Tools need this whose names come from a list, an inventory or a log. The rules {@code
   * validate.NAME.*} hold for {@code prefix + NAME}, as in a service with the same settings.
   *
   * @return this builder
   */
  public SecretProviderBuilder wholeNames() {
    this.namesAreWhole = true;
    return this;
  }

  /**
   * Returns a setting as {@link #build} would use it, with its source. Reads the environment, the
   * file and the class path at each call; mistakes in other settings are left to {@link #build}.
   *
   * @param key a key of the library, such as {@code prefix}
   * @return the setting, its default if none is set; a secret is redacted; empty for an unknown key
   */
  public Optional<Setting> setting(String key) {
    return new Configuration(settings, environment, time)
        .settings("", Map.of()).stream().filter(each -> each.key().equals(key)).findFirst();
  }

  /**
   * Replaces the environment that overrides and configuration are read from, for tests.
   *
   * @param environment every variable by its name; copied, so later changes have no effect
   * @return this builder
   */
  public SecretProviderBuilder environment(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
    return this;
  }

  /**
   * Replaces the time of day that secrets are stamped with; a {@link TimeSource} replaces the
   * monotonic time by which their age is measured as well.
   *
   * @param clock the time of day, read by many threads; must not block
   * @return this builder
   */
  public SecretProviderBuilder clock(InstantSource clock) {
    this.time = TimeSource.of(clock);
    return this;
  }

  /**
   * Replaces the threads that loads and refreshes run on; the provider does not shut them down. A
   * call that they reject, or would run on the thread that brings it, fails with {@code
   * UNAVAILABLE}; a call that they drop ends at its deadline.
   *
   * <p>Deadlines, ages and events stay on threads of the provider, unless the {@link #clock} has a
   * timer of its own.
   *
   * @param workers an executor that is not shut down; each call of the backend holds one of its
   *     threads while it runs
   * @return this builder
   */
  public SecretProviderBuilder executor(ExecutorService workers) {
    this.workers = workers;
    return this;
  }

  /**
   * Replaces the source of jitter, for tests that need the same times at each run.
   *
   * @param random a generator that many threads may use at once
   * @return this builder
   */
  public SecretProviderBuilder random(RandomGenerator random) {
    this.random = random;
    return this;
  }

  /**
   * Makes a provider. Checks every setting first; does no network I/O.
   *
   * @return a new provider, which the caller closes
   * @throws SecretException {@code CONFIGURATION} with all mistakes at once
   */
  public SecretProvider build() {
    CachingSecretProvider provider = assemble(true).provider();
    provider.listen(); // a writer does not: it writes and ends
    return provider;
  }

  /**
   * Makes a writer and the provider that belongs to it; neither sees a local override.
   *
   * @return a new writer, which the caller closes
   * @throws SecretException {@code CONFIGURATION} with all mistakes at once
   */
  public SecretWriter buildWriter() {
    return assemble(false);
  }

  private CachingSecretWriter assemble(boolean hasOverrides) {
    Configuration configuration = new Configuration(settings, environment, time);

    // Every part is made before the problems are thrown, so that all of them are known.
    ValueSizeLimit limits = configuration.limits();
    String overridePattern = configuration.overridePattern(); // checked for a writer, too
    String prefix = configuration.text("prefix");
    ValueValidation validation = new ValueValidation(configuration.validators(validators));
    if (namesAreWhole) {
      validation = validation.of(prefix);
      prefix = "";
    }
    String scheme = store != null ? scheme(store) : configuration.text(Configuration.BACKEND);
    EngineMetrics engineMetrics = configuration.metrics(metrics, scheme);
    RotationPush.ChannelSecrets secrets = new RotationPush.ChannelSecrets();
    RotationPush push = push(configuration, secrets);
    requireExecutor(configuration.problems);
    SecretStore bare = store != null ? store : configuration.store(scheme);
    SecretStore opened = inForce(bare, scheme, configuration);

    EngineThreads threads = threads(opened.getClass().getClassLoader());
    CallExecutor calls =
        new CallExecutor(scheme, configuration.policy, threads, random, engineMetrics);
    EngineParts parts =
        new EngineParts(
            scheme,
            prefix,
            configuration.policy,
            calls,
            new LocalOverrides(hasOverrides ? overridePattern : null, environment),
            validation,
            limits,
            new EventDelivery(threads, listeners, engineMetrics),
            engineMetrics,
            new ValueEraser(),
            time,
            random,
            configuration.settings(scheme, opened.place()),
            threads);
    CachingSecretProvider pipeline = new CachingSecretProvider(opened, parts, push);
    secrets.readBy(pipeline);
    return new CachingSecretWriter(pipeline, opened, parts, descriptions);
  }

  /** The channel of the program, else the one that the configuration names; null for none. */
  private @Nullable RotationPush push(
      Configuration configuration, Function<String, String> secrets) {
    PushSettings notices = configuration.pushSettings();
    if (channel != null) {
      return new RotationPush("a channel of the program", channel, notices);
    }
    RotationChannel named = configuration.channel(secrets);
    return named == null
        ? null
        : new RotationPush(configuration.text(Configuration.PUSH), named, notices);
  }

  /** The store as it is used, once nothing is wrong; else what was opened here is closed again. */
  private SecretStore inForce(
      @Nullable SecretStore bare, String scheme, Configuration configuration) {
    try {
      SecretStore opened = null;
      if (bare != null) {
        UncalledMethods.report(bare, configuration.problems);
        opened = configuration.audited(bare, scheme);
      }
      configuration.problems.throwIfAny();
      return Objects.requireNonNull(opened, "a store is there when there is no problem");
    } catch (Throwable e) {
      if (bare != null
          && !bare.equals(store)) { // the caller may try again with a store made in code
        bare.close();
      }
      throw e;
    }
  }

  /**
   * The scheme that a store made in code says it is of; what is no scheme stays out of messages.
   */
  private static String scheme(SecretStore inCode) {
    String scheme = inCode.scheme();
    return scheme.matches("[a-z][a-z0-9-]{0,29}") ? scheme : SecretStore.NO_SCHEME;
  }

  private void requireExecutor(ConfigProblems problems) {
    if (workers != null && workers.isShutdown()) {
      problems.add("executor: it is shut down (expected: one that runs)");
    }
  }

  private EngineThreads threads(ClassLoader loader) {
    if (workers == null) {
      return EngineThreads.own(loader);
    }
    ScheduledExecutorService timer = time.timer();
    return timer != null
        ? EngineThreads.inGivenTime(timer, workers)
        : EngineThreads.withWorkers(workers, loader);
  }
}
