package de.lifetimecircle.secrets;

import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.RevalidatingStore;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.StoredSecret;
import de.lifetimecircle.secrets.spi.VersionedStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
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

  /** The current version; one that is held is read again only if it changed. */
  Secret current(String name, @Nullable Secret held) {
    if (held == null || !(store instanceof RevalidatingStore revalidating)) {
      return load(name, () -> store.fetch(stored(name)));
    }
    Optional<StoredSecret> changed =
        revalidating.fetchUnless(stored(name), held.version(), held.value().size());
    return changed.isPresent()
        ? load(name, changed::get)
        : new Secret(
            name,
            // A copy, because what is displaced may be overwritten.
            held.value().toShared(),
            held.version(),
            wiring.clock().instant(),
            Secret.Origin.BACKEND);
  }

  Secret load(String name, Supplier<StoredSecret> fetch) {
    StoredSecret stored = fetch.get();
    SecretValue value = stored.value().toShared();
    stored.value().close();
    wiring.validation().require("serve secret", name, wiring.scheme(), value);
    return new Secret(
        name, value, stored.version(), wiring.clock().instant(), Secret.Origin.BACKEND);
  }

  Secret version(String name, VersionSelector selector) {
    VersionedStore versioned = ability(VersionedStore.class, "keep versions");
    String id =
        selector instanceof VersionSelector.ById byId
            ? byId.version()
            : Versions.pick(versioned.versions(stored(name)), selector)
                .map(SecretVersion::id)
                .orElseThrow(() -> Versions.none(name, wiring.scheme(), selector));
    return load(name, () -> versioned.fetchVersion(stored(name), id));
  }

  List<Secret> valid(String name) {
    boolean keepsVersions = store.capabilities().contains(Capability.VERSIONS);
    if (!keepsVersions || !(store instanceof VersionedStore versioned)) {
      return List.of(load(name, () -> store.fetch(stored(name))));
    }
    List<SecretVersion> versions = versioned.versions(stored(name));
    List<Secret> accepted = new ArrayList<>(3);
    for (Stage stage : List.of(Stage.CURRENT, Stage.PREVIOUS, Stage.PENDING)) {
      Optional<SecretVersion> version = Versions.pick(versions, VersionSelector.stage(stage));
      if (version.isPresent()) {
        String id = version.get().id();
        accepted.add(load(name, () -> versioned.fetchVersion(stored(name), id)));
      }
    }
    if (accepted.isEmpty()) {
      throw Versions.none(name, wiring.scheme(), VersionSelector.current());
    }
    return List.copyOf(accepted);
  }

  <A> A ability(Class<A> ability, String action) {
    if (ability.isInstance(store)) {
      return ability.cast(store);
    }
    throw SecretException.of(SecretException.Kind.UNSUPPORTED, action)
        .scheme(wiring.scheme())
        .reason("this backend has no such ability")
        .advice("Use a backend that declares it; see the capability table")
        .build();
  }

  private String stored(String name) {
    return wiring.prefix() + name;
  }
}
