package de.lifetimecircle.secrets.springboot;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretEvent;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretListener;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretProviderBuilder;
import de.lifetimecircle.secrets.spi.MissingSecrets;
import de.lifetimecircle.secrets.spi.SecretStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The provider of an application, and what was read from it by property names.
 *
 * <p>The provider opens at the first read, with the settings that the environment has by then:
 * those of profiles and of the command line count too. It is opened under a lock, because opening
 * twice would leave one provider unclosed; reading needs no lock. Rotations are passed on by the
 * threads of the provider. Safe for use by several threads.
 */
final class PropertyReads implements AutoCloseable {
  private static final Logger LOG = System.getLogger(PropertyReads.class.getPackageName());

  /** The answer to a read while the backend cannot be asked and no value is held. */
  enum OnOutage {
    /** It fails, and so does the start. */
    FAIL,
    /** It answers nothing, so that a default applies: {@code optional:}. */
    ANSWER_NOTHING
  }

  private volatile OnOutage onOutage;
  private final ReentrantLock opening = new ReentrantLock();
  private final ValueTraces traces = new ValueTraces();

  /** The property names by which each secret was read with success. */
  private final Map<String, Set<String>> propertiesOf = new ConcurrentHashMap<>();

  /** The names of each provider: ours, and that of the application if it has its own. */
  private final Map<SecretProvider, Set<String>> watched = new ConcurrentHashMap<>();

  /** The names that properties need, since their placeholders have no default. */
  private final Set<String> required = ConcurrentHashMap.newKeySet();

  /** The names that count as missing only because the backend did not answer the last read. */
  private final Set<String> inOutage = ConcurrentHashMap.newKeySet();

  /** The properties that a warning has named. */
  private final Set<String> warnedOf = ConcurrentHashMap.newKeySet();

  private final List<Consumer<SecretEvent>> onRotation = new ArrayList<>(); // guarded by itself

  /** The last rotation of each watched name; guarded by onRotation. */
  private final Map<String, SecretEvent> lastRotations = new LinkedHashMap<>();

  /** While this thread traces a property: the secrets it has asked for. */
  private static final ThreadLocal<Set<String>> TRACED = new ThreadLocal<>();

  private volatile @Nullable SecretProvider provider;
  private @Nullable ConfigurableEnvironment environment; // with the next four, guarded by opening
  private @Nullable SecretStore store;
  private @Nullable ApplicationContext owner;
  private boolean closed;
  private final List<SecretListener.Registration> listening = new ArrayList<>();

  PropertyReads(OnOutage onOutage) {
    this.onOutage = onOutage;
  }

  /** From now on a read fails if the backend cannot be asked. */
  void failInOutage() {
    onOutage = OnOutage.FAIL;
  }

  /** Takes the settings from this environment; the first one counts. */
  void bind(ConfigurableEnvironment settings) {
    opening.lock();
    try {
      if (environment == null) {
        environment = settings;
      }
    } finally {
      opening.unlock();
    }
  }

  /**
   * Whether this context closes the reads. The first one that asks does: a parent starts before its
   * children, to whose environments Spring adds the sources of the parent.
   */
  boolean belongTo(ApplicationContext context) {
    opening.lock();
    try {
      if (owner == null) {
        owner = context;
      }
      return owner.equals(context);
    } finally {
      opening.unlock();
    }
  }

  /**
   * Reads this store instead of a backend that the settings name.
   *
   * @throws IllegalStateException if the provider is open already
   */
  void use(SecretStore inCode) {
    opening.lock();
    try {
      if (provider != null) {
        throw new IllegalStateException(
            "Cannot use the store of the test: a secret was read before. Read no secret before the"
                + " context is refreshed");
      }
      store = inCode;
    } finally {
      opening.unlock();
    }
  }

  /**
   * Returns the provider, and opens it if no secret has been read so far.
   *
   * @throws SecretException {@code CONFIGURATION} with all mistakes at once
   */
  SecretProvider provider() {
    SecretProvider open = provider;
    return open != null ? open : open();
  }

  private SecretProvider open() {
    if (opening.isHeldByCurrentThread()) {
      throw wrong("a setting with the prefix secrets. needs a secret that only it can open");
    }
    opening.lock();
    try {
      SecretProvider open = provider;
      if (open != null) {
        return open;
      }
      if (closed) {
        throw SecretException.of(Kind.CLOSED, "read a secret")
            .reason("the application context is closed")
            .build();
      }
      if (environment == null) {
        throw wrong("a secret was read before the environment was complete");
      }
      SecretProviderBuilder builder = SecretProvider.builder();
      EnvironmentSettings.of(environment)
          .forEach((key, found) -> builder.set(key, found.value(), found.source()));
      if (store != null) {
        builder.store(store);
      }
      open = builder.build();
      provider = open;
      return open;
    } finally {
      opening.unlock();
    }
  }

  private static SecretException wrong(String problem) {
    return SecretException.of(Kind.CONFIGURATION, "open the secrets of the application")
        .problems(List.of(problem))
        .build();
  }

  /**
   * Reads these secrets, so that the start fails with all of them that cannot be read.
   *
   * @param from the provider that the beans use
   * @param setting what names them
   * @param tolerated the failures that may pass before the first use
   */
  void require(
      SecretProvider from,
      String setting,
      List<String> names,
      Predicate<SecretException> tolerated) {
    Map<String, SecretException> failures = new LinkedHashMap<>();
    if (!names.isEmpty()) {
      from.getAll(names)
          .forEach(
              (name, result) ->
                  result
                      .error()
                      .filter(tolerated.negate())
                      .ifPresent(error -> failures.put(need(setting, name), error)));
    }
    if (!failures.isEmpty()) {
      throw MissingSecrets.of(failures, from, List.of());
    }
    names.forEach(name -> watch(from, name));
  }

  static String need(String setting, String name) {
    return setting + " needs '" + name + "'";
  }

  /** Whether a pool may be there before its secret: the backend may answer later. */
  boolean mayPass(SecretException failure) {
    return failure.retryable() || (onOutage == OnOutage.ANSWER_NOTHING && isOutage(failure));
  }

  /** From now on a read of these fails where it would answer nothing. */
  void mustHave(Set<SecretReference> secrets) {
    secrets.forEach(secret -> required.add(secret.name()));
  }

  /** The secrets that properties need. */
  Set<String> required() {
    return Set.copyOf(required);
  }

  /**
   * Returns the current value for a property, or null if there is no such secret.
   *
   * @throws SecretException if the backend cannot be asked, and as the provider does
   */
  @Nullable String read(SecretReference reference, String property) {
    Set<String> tracing = TRACED.get();
    if (tracing != null) {
      tracing.add(reference.name());
      // Its place in the text is all that counts: whether a default applies instead.
      return wasRead(reference.name(), property) ? "" : null;
    }
    try {
      Optional<Secret> secret =
          required.contains(reference.name())
              ? Optional.of(provider().get(reference.name()))
              : provider().find(reference.name());
      inOutage.remove(reference.name());
      return secret.isEmpty() ? null : handedOut(secret.get(), reference, property);
    } catch (SecretException e) {
      if (onOutage == OnOutage.ANSWER_NOTHING
          && isOutage(e)
          && !required.contains(reference.name())) {
        if (inOutage.add(reference.name())) {
          LOG.log(
              Level.WARNING, "{0} The import is optional, so the start continues.", e.getMessage());
        }
        return null;
      }
      throw e;
    }
  }

  private String handedOut(Secret secret, SecretReference reference, String property) {
    String text = reference.of(secret);
    traces.add(text);
    propertiesOf
        .computeIfAbsent(reference.name(), name -> ConcurrentHashMap.newKeySet())
        .add(property);
    watch(provider(), reference.name());
    return text;
  }

  /** Whether it is unknown if there is such a secret: the last read got no answer. */
  boolean isUnanswered(String name) {
    return inOutage.contains(name);
  }

  /** Whether no warning has named the property so far; from now on one has. */
  boolean isFirstWarning(String property) {
    return warnedOf.add(property);
  }

  private boolean wasRead(String name, String property) {
    return propertiesOf.getOrDefault(name, Set.of()).contains(property);
  }

  /** Not a mistake of the developer's: the backend is away, or this machine may not ask it. */
  private static boolean isOutage(SecretException e) {
    return e.retryable() || e.kind() == Kind.UNAUTHENTICATED || e.kind() == Kind.ACCESS_DENIED;
  }

  /** Keeps the name fresh and passes its rotations on until the close. Does no I/O. */
  void watch(SecretProvider of, String name) {
    if (watched.computeIfAbsent(of, provider -> ConcurrentHashMap.newKeySet()).add(name)) {
      SecretListener.Registration one = of.onChange(name, this::rotated);
      opening.lock();
      try {
        if (!closed) {
          listening.add(one);
          return;
        }
      } finally {
        opening.unlock();
      }
      one.close();
    }
  }

  /** One that fails does not keep the others from it; the provider counts and logs the failure. */
  private void rotated(SecretEvent event) {
    List<Consumer<SecretEvent>> listeners;
    synchronized (onRotation) {
      lastRotations.put(event.name(), event);
      listeners = List.copyOf(onRotation);
    }
    @Nullable RuntimeException failure = null;
    for (Consumer<SecretEvent> each : listeners) {
      try {
        each.accept(event);
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /**
   * Calls the listener for each rotation of a name that was read or that is watched. It also gets
   * the last earlier rotation of each name: properties are read before the beans that listen are
   * there. These come on a thread of their own, since a listener may block.
   *
   * @return ends the calls when closed
   */
  SecretListener.Registration onRotation(Consumer<SecretEvent> listener) {
    List<SecretEvent> missed;
    synchronized (onRotation) {
      onRotation.add(listener);
      missed = List.copyOf(lastRotations.values());
    }
    if (!missed.isEmpty()) {
      Thread thread = new Thread(() -> deliver(missed, listener), "secrets-missed-rotations");
      thread.setDaemon(true);
      thread.start();
    }
    return () -> {
      synchronized (onRotation) {
        onRotation.remove(listener);
      }
    };
  }

  private static void deliver(List<SecretEvent> events, Consumer<SecretEvent> listener) {
    for (SecretEvent event : events) {
      try {
        listener.accept(event);
      } catch (RuntimeException e) { // its text is left out: a listener may have read the secret
        LOG.log(
            Level.WARNING,
            "A listener failed on {0} with {1}. Fix the listener.",
            event,
            e.getClass().getName());
      }
    }
  }

  /** The names that were read by a property, or that the application requires or watches. */
  Set<String> names() {
    Set<String> names = new TreeSet<>();
    watched.values().forEach(names::addAll);
    return names;
  }

  /** These names by the provider that reads them. */
  Map<SecretProvider, Set<String>> namesByProvider() {
    return Map.copyOf(watched);
  }

  /** The property names by which a secret was read. */
  Set<String> propertiesOf(String name) {
    return Set.copyOf(propertiesOf.getOrDefault(name, Set.of()));
  }

  /**
   * Returns the secrets that this code asks for on this thread. It gets no value, and no backend is
   * asked.
   */
  Set<String> namesAskedBy(Runnable resolution) {
    Set<String> names = new LinkedHashSet<>();
    TRACED.set(names);
    try {
      resolution.run();
    } finally {
      TRACED.remove();
    }
    return names;
  }

  /** Whether a text is or contains a value that was read by a property. */
  boolean handedOut(String text) {
    return traces.foundIn(text);
  }

  /**
   * Closes the provider, and ends the calls of another one, which may outlive the application. A
   * read fails afterwards. Closing twice is harmless.
   */
  @Override
  public void close() {
    opening.lock();
    try {
      closed = true;
      listening.forEach(SecretListener.Registration::close);
      listening.clear();
      if (provider != null) {
        provider.close();
      }
    } finally {
      opening.unlock();
    }
  }

  /** Shows no value. */
  @Override
  public String toString() {
    return "PropertyReads[" + names().size() + " names]";
  }
}
