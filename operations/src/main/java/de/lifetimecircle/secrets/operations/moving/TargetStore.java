package de.lifetimecircle.secrets.operations.moving;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.operations.inventory.FreshRead;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.SecretStore;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes to the target store of a migration. Each write succeeds only if the current version is
 * still the one that was written before it. If the backend has no conditional writes, the current
 * version is checked first. Used by one thread.
 */
final class TargetStore {
  private final SecretWriter writer;
  private final Set<Capability> capabilities;
  private final Runnable breakpoint;

  /** The meaning of a value that the target already has. */
  enum Again {
    /** Another writer wrote the value. */
    REFUSE,
    /** A killed run may have written it: an equal value is ours. */
    ACCEPT
  }

  TargetStore(SecretWriter writer, Runnable breakpoint) {
    this.writer = writer;
    this.breakpoint = breakpoint;
    this.capabilities =
        writer.unwrap(SecretStore.class).map(SecretStore::capabilities).orElse(Set.of());
  }

  boolean can(Capability capability) {
    return capabilities.contains(capability);
  }

  SecretProvider provider() {
    return writer.provider();
  }

  /** Returns the current version; empty if there is none. */
  Optional<Secret> current(String name) {
    return FreshRead.find(provider(), name);
  }

  /**
   * Writes the current version.
   *
   * @param before the version that must be current; null for a new name
   * @return the id of the version
   */
  String put(String name, @Nullable String before, SecretValue value, Again again) {
    breakpoint.run();
    try {
      String version = write(name, before, value).version();
      breakpoint.run();
      return version;
    } catch (SecretException e) {
      if (e.kind() == SecretException.Kind.CONFLICT && again == Again.ACCEPT) {
        Optional<Secret> there = current(name);
        if (there.isPresent() && there.get().value().equals(value)) {
          return there.get().version();
        }
      }
      throw e;
    }
  }

  private PutResult write(String name, @Nullable String before, SecretValue value) {
    if (before == null && can(Capability.CREATE_ONLY)) {
      return writer.create(name, value);
    }
    if (before != null && can(Capability.PUT_IF_VERSION)) {
      return writer.putIfVersion(name, before, value);
    }
    String there = current(name).map(Secret::version).orElse(null);
    if (before == null ? there != null : !before.equals(there)) {
      throw SecretException.of(SecretException.Kind.CONFLICT, "write secret")
          .name(name)
          .reason("another writer wrote it meanwhile")
          .advice("Compare the stores, then roll back or start again")
          .build();
    }
    return writer.put(name, value);
  }

  String putPending(String name, SecretValue value) {
    breakpoint.run();
    String version = writer.putPending(name, value).version();
    breakpoint.run();
    return version;
  }

  /**
   * Returns the previous version; empty if verifiers accept none, or only another one of the same
   * value.
   */
  Optional<Secret> previous(String name, Secret current) {
    return versions(name)
        .map(versions -> VersionChain.staged(versions, Stage.PREVIOUS))
        .flatMap(id -> VersionChain.find(provider(), name, id))
        .filter(previous -> !previous.value().equals(current.value()));
  }

  private Optional<List<SecretVersion>> versions(String name) {
    Set<SecretException.Kind> none =
        Set.of(SecretException.Kind.UNSUPPORTED, SecretException.Kind.NOT_FOUND);
    return FreshRead.unless(none, () -> provider().versions(name));
  }

  /** Returns whether the store knows the name, also without a value or, on Vault, the field. */
  boolean knows(String name) {
    return versions(name).isPresent();
  }

  /** Returns the version that waits there for its promotion. */
  Optional<Secret> pending(String name) {
    return versions(name)
        .map(versions -> VersionChain.staged(versions, Stage.PENDING))
        .flatMap(id -> VersionChain.find(provider(), name, id));
  }

  /**
   * Returns whether a failed write has certainly not made its value current. Not every refusal is
   * proof: files and AWS can fail in a step after that.
   *
   * @param before the version that was current before the write; null for a new name
   */
  boolean isRefused(String name, @Nullable String before, SecretException e) {
    if (e.kind() == SecretException.Kind.CONFLICT) {
      return true;
    }
    try {
      return !FreshRead.isOfWholeStore(e)
          && Objects.equals(
              before, FreshRead.findUndeleted(provider(), name).map(Secret::version).orElse(null));
    } catch (SecretException unknown) {
      return false; // it stays in doubt, and the failed write is reported
    }
  }

  /** Lets verifiers accept the previous version no longer. */
  void retire(String name, String version) {
    breakpoint.run();
    writer.retire(name, version);
    breakpoint.run();
  }

  /**
   * Returns whether a version is the one that a migration wrote. AWS retires by making a copy the
   * current version, so it may be that copy, of a run that was killed before it noted its id.
   */
  boolean isWritten(String name, MigrationProgress.Item state, Secret there) {
    String written = state.written;
    return there.version().equals(written)
        || (state.retiring
            && written != null
            && VersionChain.find(provider(), name, written)
                .filter(read -> read.value().equals(there.value()))
                .isPresent());
  }

  /**
   * Makes an old version of a name current again, with a new write if the backend cannot promote.
   */
  void putBack(String name, String version) {
    breakpoint.run();
    if (can(Capability.STAGES)) {
      writer.promote(name, version);
    } else {
      writer.put(name, VersionChain.read(provider(), name, version).value());
    }
    breakpoint.run();
  }

  /** Deletes a name; it may be deleted already. */
  void delete(String name) {
    breakpoint.run();
    unless(
        Set.of(SecretException.Kind.NOT_FOUND, SecretException.Kind.PENDING_DELETION),
        () -> writer.delete(name));
    breakpoint.run();
  }

  /** Purges a deleted name so that it is free again, if the backend can do that. */
  void purge(String name) {
    if (can(Capability.PURGE)) {
      unless(Set.of(SecretException.Kind.NOT_FOUND), () -> writer.purge(name));
      breakpoint.run();
    }
  }

  private static void unless(Set<SecretException.Kind> gone, Runnable removal) {
    try {
      removal.run();
    } catch (SecretException e) {
      if (!gone.contains(e.kind())) {
        throw e;
      }
    }
  }
}
