package de.lifetimecircle.secrets.operations.documents;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Setting;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The state of all secrets of an environment, read once and without values. Immutable.
 *
 * @param scheme the backend
 * @param where facts that identify the store and do not depend on the caller or the time
 * @param secrets the states, in the order of the inventory
 * @param elsewhere where the inventory names another store than the one that answered
 */
public record StoredStates(
    String scheme,
    Map<String, String> where,
    List<StoredState> secrets,
    List<StorePlace.Difference> elsewhere) {
  /** The facts that are the same for every caller. */
  private static final List<String> LASTING =
      List.of("region", "endpoint", "vault", "address", "namespace", "mount", "location");

  /**
   * Asks the store; blocks for it. Failures of single secrets are part of the result.
   *
   * @throws SecretException if the backend cannot describe itself
   */
  public static StoredStates read(InventoryLocation site, SecretProvider provider) {
    Map<String, String> all = provider.check();
    Map<String, String> where = new LinkedHashMap<>();
    for (String fact : LASTING) {
      if (all.containsKey(fact)) {
        where.put(fact, all.get(fact));
      }
    }
    String scheme = scheme(provider);
    // The folder here is that of this machine; the inventory has the folder of the server.
    String folder = site.environment().backends().getOrDefault("gpg", Map.of()).get("folder");
    if (scheme.equals("gpg") && folder != null) {
      where.put("store", folder);
    }
    List<StoredState> held = new ArrayList<>();
    Set<StorePlace.Difference> elsewhere = new LinkedHashSet<>();
    for (InventorySecret secret : site.secrets()) {
      held.add(held(site, provider, secret, elsewhere));
    }
    return new StoredStates(scheme, where, List.copyOf(held), List.copyOf(elsewhere));
  }

  static String scheme(SecretProvider provider) {
    return provider.settings().stream()
        .filter(setting -> setting.key().equals("backend"))
        .map(Setting::value)
        .findFirst()
        .orElse("");
  }

  private static StoredState held(
      InventoryLocation site,
      SecretProvider provider,
      InventorySecret secret,
      Set<StorePlace.Difference> elsewhere) {
    String name = site.environment().stored(secret.name());
    String id = name;
    String field = "value";
    SecretException.@Nullable Kind failure = null;
    String version = "";
    Optional<LocalDate> made = Optional.empty();
    try {
      Map<String, String> facts = provider.describe(name);
      elsewhere.addAll(StorePlace.differences(site.environment(), provider, facts));
      id = id(name, facts);
      field = facts.getOrDefault("field", field);
      for (SecretVersion each : provider.versions(name)) {
        if (each.stages().contains(Stage.CURRENT)) {
          version = each.id();
          // A backend that does not know the time reports the epoch.
          made =
              each.created().equals(Instant.EPOCH)
                  ? Optional.empty()
                  : Optional.of(LocalDate.ofInstant(each.created(), site.inventory().zone()));
        }
      }
    } catch (SecretException e) {
      failure = e.kind();
      if (failure == SecretException.Kind.ACCESS_DENIED) {
        elsewhere.addAll(StorePlace.configured(site.environment(), provider));
      }
    }
    return new StoredState(secret, name, id, field, version, made, failure);
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

  /** Returns whether a state could not be read now or with these permissions. */
  public boolean incomplete() {
    return secrets.stream().anyMatch(StoredState::hidden);
  }

  /** Returns the names that the store does not have. */
  public List<String> missing() {
    return secrets.stream().filter(StoredState::missing).map(StoredState::name).toList();
  }

  /** Returns the facts that name a reader. */
  public List<StoredState> readBy(String reader) {
    return secrets.stream().filter(held -> held.secret().readers().contains(reader)).toList();
  }
}
