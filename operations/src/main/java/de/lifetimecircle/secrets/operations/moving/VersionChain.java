package de.lifetimecircle.secrets.operations.moving;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.operations.inventory.FreshRead;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The versions of one secret in the order in which another store must get them: old ones, the
 * previous, the current. A pending one is separate. Immutable.
 *
 * @param served ids, the current one last if there is one
 * @param current the id of the current version; null if there is none, for example on AWS for a
 *     secret without a value, and on Vault after that version was destroyed
 * @param previous the id of the version that verifiers accept besides; null if there is none
 * @param pending the id of the pending version, if there is one
 */
record VersionChain(
    List<String> served,
    @Nullable String current,
    @Nullable String previous,
    @Nullable String pending) {
  /**
   * The digests in the order of a chain. Unreadable versions are left out, and equal neighbours
   * count once, because a store makes no new version of the current value. Empty if no version is
   * current.
   */
  record VersionDigests(List<ByteBuffer> served, @Nullable ByteBuffer pending) {}

  static VersionChain of(SecretProvider provider, String name) {
    Optional<List<SecretVersion>> listed =
        FreshRead.unless(Set.of(SecretException.Kind.UNSUPPORTED), () -> provider.versions(name));
    if (listed.isEmpty()) {
      String id = provider.get(name, Duration.ZERO).version();
      return new VersionChain(List.of(id), id, null, null);
    }
    List<SecretVersion> versions = listed.get();
    List<String> served = new ArrayList<>();
    for (int i = versions.size() - 1; i >= 0; i--) {
      if (versions.get(i).stages().isEmpty()) {
        served.add(versions.get(i).id());
      }
    }
    String previous = staged(versions, Stage.PREVIOUS);
    String current = staged(versions, Stage.CURRENT);
    if (previous != null && !previous.equals(current)) {
      served.add(previous);
    }
    if (current != null) {
      served.add(current);
    }
    String pending = staged(versions, Stage.PENDING);
    return new VersionChain(
        List.copyOf(served), current, previous, served.contains(pending) ? null : pending);
  }

  static @Nullable String staged(List<SecretVersion> versions, Stage stage) {
    return versions.stream()
        .filter(version -> version.stages().contains(stage))
        .map(SecretVersion::id)
        .findFirst()
        .orElse(null);
  }

  /** Returns the chain without its oldest versions, so that at most a number of them is served. */
  VersionChain newest(int most) {
    int size = served.size();
    List<String> newest = served.subList(Math.max(0, size - most), size);
    return new VersionChain(newest, current, previous, pending);
  }

  /** Returns the chain without its pending version. */
  VersionChain withoutPending() {
    return new VersionChain(served, current, previous, null);
  }

  /**
   * Reads one version; the current one without its id, because not every store can read it by id.
   */
  static Secret read(SecretProvider provider, String name, String id) {
    return FreshRead.unless(
            Set.of(SecretException.Kind.UNSUPPORTED),
            () -> provider.get(name, VersionSelector.id(id)))
        .orElseGet(() -> provider.get(name, Duration.ZERO));
  }

  /**
   * Returns what {@link #read} returns; empty if the store no longer returns that version, or it
   * lacks the field of Vault that the name stands for.
   */
  static Optional<Secret> find(SecretProvider provider, String name, String id) {
    Set<SecretException.Kind> none =
        Set.of(
            SecretException.Kind.VERSION_NOT_FOUND,
            SecretException.Kind.DISABLED,
            SecretException.Kind.NOT_FOUND);
    return FreshRead.unless(none, () -> read(provider, name, id));
  }

  /**
   * Returns one version; empty if the store no longer returns it, or returns none by its id. Unlike
   * {@link #find}, it never returns the current version in its place.
   */
  static Optional<Secret> byId(SecretProvider provider, String name, String id) {
    Set<SecretException.Kind> none =
        Set.of(
            SecretException.Kind.UNSUPPORTED,
            SecretException.Kind.VERSION_NOT_FOUND,
            SecretException.Kind.DISABLED,
            SecretException.Kind.NOT_FOUND,
            SecretException.Kind.PENDING_DELETION);
    return FreshRead.unless(none, () -> provider.get(name, VersionSelector.id(id)));
  }

  /**
   * Reads and digests every version.
   *
   * @param seen takes each version that was read
   */
  VersionDigests prints(
      SecretProvider provider, String name, ValueFingerprints fingerprints, Consumer<Secret> seen) {
    List<ByteBuffer> prints = new ArrayList<>();
    if (current == null) {
      return new VersionDigests(prints, null);
    }
    for (String id : served) {
      Optional<Secret> read =
          id.equals(current) ? Optional.of(read(provider, name, id)) : find(provider, name, id);
      if (read.isPresent()) {
        seen.accept(read.get());
        ByteBuffer print = fingerprints.of(read.get().value());
        if (prints.isEmpty() || !prints.get(prints.size() - 1).equals(print)) {
          prints.add(print);
        }
      }
    }
    if (pending == null) {
      return new VersionDigests(prints, null);
    }
    Secret read = read(provider, name, pending);
    seen.accept(read);
    return new VersionDigests(prints, fingerprints.of(read.value()));
  }
}
