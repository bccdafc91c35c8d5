package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.RevalidatingStore;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.StoredSecret;
import de.lifetimecircle.secrets.spi.VersionedStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the cache loads: asks the store, takes over the value, and lets only a valid one through.
 * Runs on a worker, inside a call's deadline. Stateless.
 */
final class Loads {
  private final SecretStore store;
  private final Wiring wiring;

  Loads(SecretStore store, Wiring wiring) {
    this.store = store;
    this.wiring = wiring;
  }

  /**
   * The current version; one that is held is read again only if it changed.
   *
   * @param held what is served now
   */
  Secret current(String name, @Nullable Secret held, Lineage lineage) {
    if (held == null || !(store instanceof RevalidatingStore revalidating)) {
      return accepted(name, store.fetch(stored(name)), lineage);
    }
    Optional<StoredSecret> changed =
        revalidating.fetchUnless(stored(name), held.version(), held.value().size());
    return changed.isPresent()
        ? accepted(name, changed.get(), lineage)
        : held.seenAgain(wiring.clock.instant());
  }

  /** The answer, unless it is that of a lagging replica, older than what is known. */
  Secret accepted(String name, StoredSecret answer, Lineage lineage) {
    String newer = lineage.newerThan(answer.version(), answer.created());
    if (newer != null && !isCurrentAgain(name, answer, newer)) {
      answer.value().close();
      throw wentBack(name);
    }
    return takenOver(name, answer);
  }

  /**
   * Whether an older version is current on purpose: the list of versions knows the newer one and
   * names the older one current all the same. A replica that lags behind does not know the newer.
   */
  private boolean isCurrentAgain(String name, StoredSecret answer, String newer) {
    if (!(store instanceof VersionedStore versioned) || !keepsVersions()) {
      return !Lineage.isKnown(answer.created());
    }
    return isCurrent(answer.version(), newer, versioned.versions(stored(name)));
  }

  private static boolean isCurrent(String version, String newer, List<SecretVersion> known) {
    boolean knowsNewer = false;
    for (SecretVersion each : known) {
      knowsNewer |= each.id().equals(newer);
    }
    Optional<SecretVersion> current = Versions.pick(known, VersionSelector.stage(Stage.CURRENT));
    return knowsNewer && current.isPresent() && current.get().id().equals(version);
  }

  private SecretException wentBack(String name) {
    return SecretException.of(SecretException.Kind.UNAVAILABLE, "get secret")
        .name(name)
        .scheme(wiring.scheme)
        .reason("it answered an older version than before, as a replica does that lags behind")
        .advice("Wait; if the older version is meant, refresh the secret")
        .build();
  }

  private boolean keepsVersions() {
    return store.capabilities().contains(Capability.VERSIONS);
  }

  /** Takes over an answer whose value keeps the rules. */
  private Secret takenOver(String name, StoredSecret stored) {
    SecretValue value = wiring.remains.lookAfter(stored.value().toShared());
    stored.value().close();
    wiring.validation.require("serve secret", name, wiring.scheme, value);
    return Secret.fetched(
        name, value, stored.version(), stored.created(), wiring.clock.instant(), wiring.scheme);
  }

  Secret version(String name, VersionSelector selector) {
    VersionedStore versioned = ability(VersionedStore.class, "keep versions");
    String id =
        selector instanceof VersionSelector.ById byId
            ? byId.version()
            : Versions.id(versioned.versions(stored(name)), selector, name, wiring.scheme);
    return takenOver(name, versioned.fetchVersion(stored(name), id));
  }

  List<Secret> valid(String name, Lineage lineage) {
    if (!keepsVersions() || !(store instanceof VersionedStore versioned)) {
      return List.of(accepted(name, store.fetch(stored(name)), lineage));
    }
    List<SecretVersion> versions = versioned.versions(stored(name));
    List<Secret> accepted = new ArrayList<>(3);
    for (Stage stage : List.of(Stage.CURRENT, Stage.PREVIOUS, Stage.PENDING)) {
      Optional<SecretVersion> version = Versions.pick(versions, VersionSelector.stage(stage));
      if (version.isPresent()) {
        String id = version.get().id();
        if (stage == Stage.CURRENT) {
          String newer = lineage.newerThan(id, version.get().created());
          if (newer != null && !isCurrent(id, newer, versions)) {
            throw wentBack(name);
          }
        }
        accepted.add(takenOver(name, versioned.fetchVersion(stored(name), id)));
      }
    }
    if (accepted.isEmpty()) {
      throw Versions.none(name, wiring.scheme, VersionSelector.current());
    }
    return List.copyOf(accepted);
  }

  <A> A ability(Class<A> ability, String action) {
    if (ability.isInstance(store)) {
      return ability.cast(store);
    }
    throw SecretException.of(SecretException.Kind.UNSUPPORTED, action)
        .scheme(wiring.scheme)
        .reason("this backend has no such ability")
        .advice("Use a backend that declares it; see the capability table")
        .build();
  }

  private String stored(String name) {
    return wiring.prefix + name;
  }
}
