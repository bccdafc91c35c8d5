package de.lifetimecircle.secrets.microprofile;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretProviderBuilder;
import de.lifetimecircle.secrets.spi.MissingSecrets;
import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.Expressions;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of an application, as its configuration says: one provider for expressions,
 * properties and injected beans.
 *
 * <p>The provider opens when the first secret is read, and serves until {@link #close}; after that
 * the next read opens another one, as when a test starts an application twice. Safe for use by
 * several threads.
 *
 * <p>A secret is read without waiting once it has been loaded. On an event loop, a secret that is
 * not loaded fails at once, because waiting for a backend there would stop all requests of the
 * loop.
 */
public final class ConfiguredSecrets implements AutoCloseable {
  private static final Map<Map<String, String>, ConfiguredSecrets> KNOWN = new HashMap<>();

  /** The name in Quarkus of the bean of secrets-quarkus that gives it logins. */
  private static final String OURS = "secrets";

  private final Map<String, String> settings;

  /** What the log has a line of: secrets whose last read failed, and properties. */
  private final Set<String> reported = ConcurrentHashMap.newKeySet();

  private @Nullable SecretProvider provider; // guarded by this object's monitor

  private ConfiguredSecrets(Map<String, String> settings) {
    this.settings = settings;
  }

  /**
   * Returns the secrets that this configuration describes by keys with the prefix {@code secrets.}.
   */
  public static ConfiguredSecrets of(Config config) {
    return of(
        ConfigSettings.of(
            config.getPropertyNames().iterator(),
            name -> config.getOptionalValue(name, String.class).orElse(null),
            System.getenv().keySet()));
  }

  static ConfiguredSecrets of(ConfigSourceContext context) {
    return of(
        ConfigSettings.of(
            context.iterateNames(),
            name -> {
              ConfigValue value = context.getValue(name);
              return value == null ? null : value.getValue();
            },
            System.getenv().keySet()));
  }

  private static ConfiguredSecrets of(Map<String, String> settings) {
    synchronized (KNOWN) {
      return KNOWN.computeIfAbsent(Map.copyOf(settings), ConfiguredSecrets::new);
    }
  }

  /**
   * Returns the provider, and opens it if no secret has been read so far. Does no I/O.
   *
   * @throws SecretException {@code CONFIGURATION} with all mistakes at once, or while Quarkus
   *     builds the application
   */
  public synchronized SecretProvider provider() {
    SecretProvider open = provider;
    if (open == null) {
      requireRunTime();
      SecretProviderBuilder builder = SecretProvider.builder();
      settings.forEach((key, value) -> builder.set(key, value, "MicroProfile Config"));
      try {
        open = builder.build();
      } catch (SecretException e) {
        throw reported("its configuration", e);
      }
      provider = open;
    }
    return open;
  }

  /**
   * Reads each property with an expression of a secret, and each login that Quarkus asks this
   * provider for, so that a start fails if one has no answer. The setting {@code
   * secrets.require-placeholders=false} turns this off.
   *
   * @param config the configuration that describes these secrets
   * @throws SecretException with a problem for each property that has no answer
   */
  public void requireAnswers(Config config) {
    if (!config.getOptionalValue(ConfigSettings.REQUIRE, Boolean.class).orElse(true)) {
      return;
    }
    Map<String, SecretException> failures = new TreeMap<>();
    for (String property : config.getPropertyNames()) {
      try {
        if (!property.startsWith("%")) { // of a profile that is not in force
          requireAnswer(config, property);
        }
      } catch (SecretException e) {
        failures.put(property, e);
      }
    }
    if (!failures.isEmpty()) {
      throw MissingSecrets.of(failures, provider(), List.of());
    }
  }

  private void requireAnswer(Config config, String property) {
    @Nullable String raw =
        Expressions.withoutExpansion(() -> config.getConfigValue(property).getValue());
    if (!ExpressionNames.of(raw).isEmpty()) {
      config.getConfigValue(property);
    } else if (property.endsWith(".credentials-provider")
        && OURS.equals(config.getConfigValue(property + "-name").getValue())) {
      try {
        provider().get(config.getValue(property, String.class));
      } catch (SecretException e) {
        if (!e.retryable()) { // a pool asks again
          throw e;
        }
      }
    }
  }

  /** Begins to load these secrets; a failure shows when one is read. */
  void prefetch(Collection<String> names) {
    if (!names.isEmpty()) {
      provider().prefetch(names);
    }
  }

  /**
   * Reads a secret that has to be there. The log has the first failure of a name, since Quarkus
   * reports a property that cannot be read without the reason.
   *
   * @throws SecretException as {@link SecretProvider#get(String)}; {@code UNAVAILABLE} on an event
   *     loop while it is not loaded
   */
  String get(ConfigReference reference) {
    try {
      return read(reference);
    } catch (SecretException e) {
      throw reported(subject(reference.name()), e);
    }
  }

  /** Reads a secret that may be missing. */
  Optional<String> find(ConfigReference reference) {
    try {
      return Optional.of(read(reference));
    } catch (SecretException e) {
      if (e.kind() == Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw reported(subject(reference.name()), e);
    }
  }

  private String read(ConfigReference reference) {
    String name = reference.name();
    String value = reference.of(isEventLoop() ? loaded(name) : provider().get(name));
    if (!reported.isEmpty()) {
      reported.remove(subject(name));
    }
    return value;
  }

  private SecretException reported(String subject, SecretException failure) {
    if (isNews(subject)) {
      String text = "The application cannot read {0}: {1}. {2}";
      System.getLogger(ConfiguredSecrets.class.getPackageName())
          .log(Level.WARNING, text, subject, failure.kind(), failure.getMessage());
    }
    return failure;
  }

  private static String subject(String name) {
    return "secret '" + name + "'";
  }

  /** Whether the log has no line of this so far; from now on it has. */
  boolean isNews(String subject) {
    return reported.add(subject);
  }

  private Secret loaded(String name) {
    CompletableFuture<Secret> answer = provider().getAsync(name);
    if (!answer.isDone()) {
      throw SecretException.of(Kind.UNAVAILABLE, "read secret")
          .name(name)
          .reason("it is not loaded yet, and an event loop may not wait for a backend")
          .advice("Read it once at the start, or in a method that is @Blocking")
          .build();
    }
    try {
      return answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof SecretException failure) {
        throw failure;
      }
      throw e;
    }
  }

  /** By the names that Vert.x and Netty give these threads; there is no class that both share. */
  private static boolean isEventLoop() {
    return Thread.currentThread().getName().toLowerCase(Locale.ROOT).contains("eventloop");
  }

  /**
   * Refuses to open a provider while Quarkus builds the application. The build has class loaders of
   * its own, in development mode too, so a provider that is open belongs to a running application.
   *
   * @throws SecretException {@code CONFIGURATION}
   */
  private static void requireRunTime() {
    if (QuarkusBuild.isUnderWay()) {
      throw SecretException.of(
              Kind.CONFIGURATION, "read a secret while Quarkus builds the application")
          .reason("the value would become part of the packaged application")
          .advice(
              "Use the expression only in properties that Quarkus fixes at run time; its guide"
                  + " marks the others with a lock")
          .build();
    }
  }

  /** Closes the provider, if it is open; the next read opens another one. */
  @Override
  public synchronized void close() {
    reported.clear(); // an application that starts again has a log of its own
    if (provider != null) {
      provider.close();
      provider = null;
    }
  }

  /** Shows no setting. */
  @Override
  public String toString() {
    return "ConfiguredSecrets";
  }
}
