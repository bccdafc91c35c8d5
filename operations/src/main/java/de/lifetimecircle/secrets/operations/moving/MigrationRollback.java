package de.lifetimecircle.secrets.operations.moving;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.inventory.FreshRead;
import de.lifetimecircle.secrets.spi.Capability;
import java.util.Optional;

/**
 * Rolls a migration back, one secret after the other. What it deletes can be restored: another
 * writer may have written meanwhile. Used by one thread.
 */
final class MigrationRollback {
  private final SecretProvider source;
  private final TargetStore target;

  MigrationRollback(SecretProvider source, TargetStore target) {
    this.source = source;
    this.target = target;
  }

  /**
   * Rolls one secret back, or leaves it, and returns which; empty if it is new and is not there,
   * and nothing shows that it was written.
   */
  Optional<MigrationEvent> undo(MigrationPlan.Item item, MigrationProgress.Item state) {
    Optional<Secret> there = FreshRead.findUndeleted(target.provider(), item.name());
    if (there.isPresent()) {
      return Optional.of(undo(item, state, there.get()));
    }
    if (item.replaced().isPresent()) {
      return Optional.of(left(item.name(), "another writer has deleted it"));
    }
    if (state.written == null) {
      return Optional.empty();
    }
    return Optional.of(
        target.knows(item.name())
            ? left(item.name(), "it has no current value, but the target has other versions of it")
            : removed(item.name()));
  }

  private MigrationEvent undo(MigrationPlan.Item item, MigrationProgress.Item state, Secret there) {
    String name = item.name();
    Optional<Secret> before = item.replaced().flatMap(version -> old(name, version));
    if (isPutBack(item, before, there)) {
      return putBack(item);
    }
    if (!isOurs(item, state, there)) {
      return left(name, "nothing shows that this migration wrote its current version");
    }
    if (item.replaced().isEmpty()) {
      return remove(name, state, there);
    }
    if (before.isEmpty()) {
      return left(name, "the target no longer returns version " + item.replaced().get());
    }
    target.putBack(name, there.version(), before.get());
    return putBack(item);
  }

  private MigrationEvent remove(String name, MigrationProgress.Item state, Secret there) {
    if (!target.can(Capability.RESTORE)) {
      return left(name, "the target could not restore it after a deletion; delete it there");
    }
    if (target.hasOthers(name, state, there)) {
      return left(name, "another writer, or an interrupted write, has put a version of it");
    }
    target.delete(name);
    return removed(name);
  }

  /** Returns the replaced version; empty if the target no longer keeps it. */
  private Optional<Secret> old(String name, String replaced) {
    if (!target.can(Capability.VERSIONS)) {
      return Optional.empty(); // the backend would return the current one
    }
    return VersionChain.find(target.provider(), name, replaced);
  }

  /**
   * Returns whether the name is as it was before, perhaps because of an earlier, killed rollback.
   */
  private static boolean isPutBack(MigrationPlan.Item item, Optional<Secret> before, Secret there) {
    return item.replaced().filter(there.version()::equals).isPresent()
        || before.filter(old -> old.value().equals(there.value())).isPresent();
  }

  private boolean isOurs(MigrationPlan.Item item, MigrationProgress.Item state, Secret there) {
    if (target.isWritten(source, item.name(), state, there)) {
      return true;
    }
    if (!state.begun) {
      return false;
    }
    String inDoubt = item.source(state.done);
    return VersionChain.byId(source, item.name(), inDoubt)
        .filter(read -> read.value().equals(there.value()))
        .isPresent();
  }

  private static MigrationEvent putBack(MigrationPlan.Item item) {
    return new MigrationEvent(
        item.name(), MigrationEvent.Type.PUT_BACK, "version " + item.replaced().orElse(""));
  }

  private static MigrationEvent removed(String name) {
    return new MigrationEvent(name, MigrationEvent.Type.REMOVED, "");
  }

  private static MigrationEvent left(String name, String reason) {
    return new MigrationEvent(name, MigrationEvent.Type.LEFT, reason);
  }
}
