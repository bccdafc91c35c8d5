package de.lifetimecircle.secrets.operations.moving;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.operations.moving.ValueFingerprints.Fingerprint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The versions of one secret in the order in which another store has to get them: old ones, the
 * previous, the current. A pending one stands apart. Immutable.
 *
 * @param served ids, the current one last if there is one
 * @param current the id of the current version; nothing where none is, as on AWS for a secret that
 *     was made without a value, and on Vault where that version was destroyed
 * @param pending the id of the pending version, if there is one
 */
record VersionChain(List<String> served, @Nullable String current, @Nullable String pending) {
  /**
   * Digests in the order of a chain; what could not be read is left out, and of equal neighbours
   * one is kept, since a store makes no version of a value that is current already. None at all
   * where no version is current.
   */
  record Prints(List<Fingerprint> served, @Nullable Fingerprint pending) {}

  static VersionChain of(SecretProvider provider, String name) {
    List<SecretVersion> versions;
    try {
      versions = provider.versions(name);
    } catch (SecretException e) {
      if (e.kind() != SecretException.Kind.UNSUPPORTED) {
        throw e;
      }
      String id = provider.get(name, Duration.ZERO).version();
      return new VersionChain(List.of(id), id, null);
    }
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
        List.copyOf(served), current, served.contains(pending) ? null : pending);
  }

  private static @Nullable String staged(List<SecretVersion> versions, Stage stage) {
    return versions.stream()
        .filter(version -> version.stages().contains(stage))
        .map(SecretVersion::id)
        .findFirst()
        .orElse(null);
  }

  /** Without the oldest, so that at most so many are served. */
  VersionChain newest(int most) {
    int size = served.size();
    return new VersionChain(served.subList(Math.max(0, size - most), size), current, pending);
  }

  /** One version; the current one is not asked for by its id, since not every store can. */
  static Secret read(SecretProvider provider, String name, String id) {
    try {
      return provider.get(name, VersionSelector.id(id));
    } catch (SecretException e) {
      if (e.kind() != SecretException.Kind.UNSUPPORTED) {
        throw e;
      }
      return provider.get(name, Duration.ZERO);
    }
  }

  /** Whether a version that is listed may be gone, or kept from us, without harm to the rest. */
  static boolean isGone(SecretException e) {
    return e.kind() == SecretException.Kind.VERSION_NOT_FOUND
        || e.kind() == SecretException.Kind.DISABLED;
  }

  /**
   * Reads and digests every version.
   *
   * @param seen is told of each version that was read
   */
  Prints prints(
      SecretProvider provider, String name, ValueFingerprints fingerprints, Consumer<Secret> seen) {
    List<Fingerprint> prints = new ArrayList<>();
    if (current == null) {
      return new Prints(prints, null);
    }
    for (String id : served) {
      try {
        Secret read = read(provider, name, id);
        seen.accept(read);
        Fingerprint print = fingerprints.of(read.value());
        if (prints.isEmpty() || !prints.get(prints.size() - 1).equals(print)) {
          prints.add(print);
        }
      } catch (SecretException e) {
        if (!isGone(e) || id.equals(current)) {
          throw e;
        }
      }
    }
    if (pending == null) {
      return new Prints(prints, null);
    }
    Secret read = read(provider, name, pending);
    seen.accept(read);
    return new Prints(prints, fingerprints.of(read.value()));
  }
}
