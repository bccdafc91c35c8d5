package de.lifetimecircle.secrets.operations.documents;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.operations.inventory.ServiceSettings;
import de.lifetimecircle.secrets.operations.inventory.StoreSettings;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One look at the store of an environment, without values: asks the backend for each fact when it
 * is first needed, and keeps the answer, or the failure, for everything else that needs it.
 *
 * <p>Make one for each run and pass it on: all parts of a result then describe the same moment, and
 * a slow backend is asked once. It does not see later changes. Blocks for the backend; used by one
 * thread. The caller closes the provider.
 */
public final class StoreSnapshot {
  /** The facts that are the same for every caller. */
  private static final List<String> LASTING =
      List.of("region", "endpoint", "vault", "address", "namespace", "mount", "location");

  private final Inventory inventory;
  private final ServiceEnvironment environment;
  private final SecretProvider provider;
  private final Map<String, Answer<Map<String, String>>> facts = new HashMap<>();
  private final Map<String, Answer<List<SecretVersion>>> versions = new HashMap<>();
  private final Set<StorePlace.Difference> elsewhere = new LinkedHashSet<>();
  private @Nullable Answer<Map<String, String>> check;
  private @Nullable List<SecretState> secrets;

  /** The outcome of one call: its result, or its failure. */
  private record Answer<T>(@Nullable T result, @Nullable SecretException failure) {
    static <T> Answer<T> of(Supplier<T> call) {
      try {
        return new Answer<>(call.get(), null);
      } catch (SecretException e) {
        return new Answer<>(null, e);
      }
    }

    T orElseThrow() {
      if (failure != null) {
        throw failure;
      }
      return Objects.requireNonNull(result);
    }
  }

  /**
   * Prepares to look at the store of one environment; asks nothing yet.
   *
   * @param environment its name; empty if the inventory has only one
   * @throws SecretException {@code CONFIGURATION} if there is no such environment
   */
  public StoreSnapshot(Inventory inventory, String environment, SecretProvider provider) {
    this.inventory = inventory;
    this.environment = inventory.environment(environment);
    this.provider = provider;
  }

  /** Prepares to look at the store of a location's environment; asks nothing yet. */
  public static StoreSnapshot of(InventoryLocation site, SecretProvider provider) {
    return new StoreSnapshot(site.inventory(), site.environment().name(), provider);
  }

  /** Returns the inventory. */
  public Inventory inventory() {
    return inventory;
  }

  /** Returns the environment. */
  public ServiceEnvironment environment() {
    return environment;
  }

  /** Returns the provider, for calls that are not part of the look, such as reading a value. */
  public SecretProvider provider() {
    return provider;
  }

  /** Returns a setting of the provider, unless it is empty. Does not call the backend. */
  public Optional<String> setting(String key) {
    return Optional.of(StoreSettings.value(provider, key)).filter(value -> !value.isEmpty());
  }

  /** Returns the backend's scheme, such as {@code aws}. Does not call the backend. */
  public String scheme() {
    return StoreSettings.backend(provider);
  }

  /**
   * Returns how the backend describes itself.
   *
   * @throws SecretException if it cannot
   */
  public Map<String, String> check() {
    Answer<Map<String, String>> known = check;
    if (known == null) {
      known = Answer.of(provider::check);
      check = known;
    }
    return known.orElseThrow();
  }

  /**
   * Returns how the backend describes a secret.
   *
   * @param stored its name in the store
   * @throws SecretException if the backend cannot describe it
   */
  public Map<String, String> describe(String stored) {
    return facts
        .computeIfAbsent(stored, name -> Answer.of(() -> provider.describe(name)))
        .orElseThrow();
  }

  /**
   * Returns the current version of a secret; empty if no version is current.
   *
   * @param stored its name in the store
   * @throws SecretException if the backend cannot list its versions
   */
  public Optional<SecretVersion> current(String stored) {
    return versions(stored).stream()
        .filter(version -> version.stages().contains(Stage.CURRENT))
        .findFirst();
  }

  /**
   * Returns the versions of a secret, the newest first.
   *
   * @throws SecretException as {@link #current}
   */
  public List<SecretVersion> versions(String stored) {
    return versions
        .computeIfAbsent(stored, name -> Answer.of(() -> provider.versions(name)))
        .orElseThrow();
  }

  /** Returns the day a version was made, if the backend reports it. */
  public Optional<LocalDate> day(SecretVersion version) {
    // A backend that does not know the time reports the epoch.
    return version.created().equals(Instant.EPOCH)
        ? Optional.empty()
        : Optional.of(LocalDate.ofInstant(version.created(), inventory.zone()));
  }

  /**
   * Returns the age of a secret's current version; never throws.
   *
   * @param stored its name in the store
   */
  public VersionAge age(String stored) {
    try {
      return current(stored)
          .map(version -> new VersionAge(version.id(), day(version), ""))
          .orElseGet(() -> new VersionAge("", Optional.empty(), "no version is current"));
    } catch (SecretException e) {
      return new VersionAge("", Optional.empty(), EnumText.of(e.kind()));
    }
  }

  /**
   * Returns whether the store is the one that the inventory names; see {@link StorePlace#compare}.
   *
   * @param stored the name of an existing secret in the store
   */
  public StorePlace.Comparison place(String stored) {
    return StorePlace.compare(environment, provider, () -> describe(stored));
  }

  /**
   * Returns the facts that identify the store and do not depend on the caller or the time.
   *
   * @throws SecretException if the backend cannot describe itself
   */
  public Map<String, String> where() {
    Map<String, String> all = check();
    Map<String, String> where = new LinkedHashMap<>();
    for (String fact : LASTING) {
      if (all.containsKey(fact)) {
        where.put(fact, all.get(fact));
      }
    }
    // The folder here is that of this machine; the inventory has the folder of the server.
    String folder = environment.backends().getOrDefault("gpg", Map.of()).get("folder");
    if (scheme().equals("gpg") && folder != null) {
      where.put("store", folder);
    }
    return where;
  }

  /**
   * Returns the settings with which a service reads the environment's secrets.
   *
   * @throws SecretException if the backend cannot describe itself
   */
  public ServiceSettings service() {
    return ServiceSettings.of(environment, provider, check());
  }

  /**
   * Returns the states of the environment's secrets, in the order of the inventory. The failure of
   * a single secret is part of its state.
   *
   * @throws SecretException if the backend cannot describe itself
   */
  public List<SecretState> secrets() {
    Map<String, String> unused = check(); // one failure, rather than one for each secret
    List<SecretState> known = secrets;
    if (known == null) {
      known = inventory.secrets(environment).stream().map(this::state).toList();
      secrets = known;
    }
    return known;
  }

  private SecretState state(InventorySecret secret) {
    String name = environment.stored(secret.name());
    String id = name;
    String field = "value";
    SecretException.@Nullable Kind failure = null;
    Optional<SecretVersion> current = Optional.empty();
    try {
      Map<String, String> described = describe(name);
      elsewhere.addAll(StorePlace.differences(environment, provider, described));
      id = id(name, described);
      field = described.getOrDefault("field", field);
      current = current(name);
    } catch (SecretException e) {
      failure = e.kind();
      if (failure == SecretException.Kind.ACCESS_DENIED) {
        elsewhere.addAll(StorePlace.configured(environment, provider));
      }
    }
    return new SecretState(
        secret,
        name,
        id,
        field,
        current.map(SecretVersion::id).orElse(""),
        current.flatMap(this::day),
        failure);
  }

  private static String id(String name, Map<String, String> facts) {
    if (facts.containsKey("arn")) {
      return facts.get("arn");
    }
    if (facts.containsKey("stored as")) {
      String vault = facts.getOrDefault("vault", "");
      return vault + (vault.endsWith("/") ? "" : "/") + "secrets/" + facts.get("stored as");
    }
    return facts.getOrDefault("path", facts.getOrDefault("file", name));
  }

  /**
   * Returns where the inventory names another store than the one that answered.
   *
   * @throws SecretException as {@link #secrets}
   */
  public List<StorePlace.Difference> elsewhere() {
    List<SecretState> unused = secrets();
    return List.copyOf(elsewhere);
  }

  /**
   * Returns whether a state could not be read now or with these permissions.
   *
   * @throws SecretException as {@link #secrets}
   */
  public boolean incomplete() {
    return secrets().stream().anyMatch(SecretState::hidden);
  }

  /**
   * Returns the names that the store does not have.
   *
   * @throws SecretException as {@link #secrets}
   */
  public List<String> missing() {
    return secrets().stream().filter(SecretState::missing).map(SecretState::name).toList();
  }

  /**
   * Returns the states of the secrets that a reader, such as {@code service}, reads.
   *
   * @throws SecretException as {@link #secrets}
   */
  public List<SecretState> readBy(String reader) {
    return secrets().stream().filter(state -> state.secret().readers().contains(reader)).toList();
  }
}
