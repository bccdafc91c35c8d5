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
import de.lifetimecircle.secrets.operations.rotation.PendingValue;
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

  /** Returns the new value that a rotation keeps for a name. */
  Optional<PendingValue> pending(String name) {
    return PendingValue.of(writer, name);
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
        Set.of(
            SecretException.Kind.UNSUPPORTED,
            SecretException.Kind.NOT_FOUND,
            SecretException.Kind.PENDING_DELETION);
    return FreshRead.unless(none, () -> provider().versions(name));
  }

  /** Returns whether the store knows the name, also without a value or, on Vault, the field. */
  boolean knows(String name) {
    return versions(name).isPresent();
  }

  /**
   * Returns whether a name has versions besides the current one that the migration did not write.
   */
  boolean hasOthers(String name, MigrationProgress.Item state, Secret current) {
    return versions(name).stream()
        .flatMap(List::stream)
        .map(SecretVersion::id)
        .anyMatch(id -> !id.equals(current.version()) && !state.copies.containsKey(id));
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
      return !FreshRead.isOfWholeStore(e) && isCurrent(name, before);
    } catch (SecretException unknown) {
      return false; // it stays in doubt, and the failed write is reported
    }
  }

  /** Returns whether a version is current; null stands for none. */
  boolean isCurrent(String name, @Nullable String version) {
    return Objects.equals(
        version, FreshRead.findUndeleted(provider(), name).map(Secret::version).orElse(null));
  }

  /** Lets verifiers accept the previous version no longer. */
  void retire(String name, String version) {
    breakpoint.run();
    writer.retire(name, version);
    breakpoint.run();
  }

  /**
   * Returns whether the current version is the one that a migration wrote last. Its id alone does
   * not say so: Vault counts from 1 again after a purge, and an editor may write KV v1's id back
   * with another value. AWS retires by making a copy the current version, so it may be that copy,
   * of a run that was killed before it noted its id.
   *
   * @param source has the version that was copied, or cannot return it any more
   */
  boolean isWritten(
      SecretProvider source, String name, MigrationProgress.Item state, Secret there) {
    String written = state.written;
    if (written == null) {
      return false;
    }
    if (there.version().equals(written)) {
      return VersionChain.byId(source, name, Objects.requireNonNull(state.copies.get(written)))
          .map(copied -> copied.value().equals(there.value()))
          .orElse(true);
    }
    return state.retiring
        && VersionChain.find(provider(), name, written)
            .filter(read -> read.value().equals(there.value()))
            .isPresent();
  }

  /**
   * Makes an old version of a name current again, with a new write if the backend cannot promote.
   *
   * @param before the version that must be current for that write
   */
  void putBack(String name, String before, Secret old) {
    if (!can(Capability.STAGES)) {
      String unused = put(name, before, old.value(), Again.REFUSE);
      return;
    }
    breakpoint.run();
    writer.promote(name, old.version());
    breakpoint.run();
  }

  /** Deletes a name. */
  void delete(String name) {
    breakpoint.run();
    writer.delete(name);
    breakpoint.run();
  }
}
