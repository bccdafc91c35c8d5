package de.lifetimecircle.secrets.operations.moving;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.inventory.FreshRead;
import de.lifetimecircle.secrets.spi.Capability;
import java.util.Optional;

/** Rolls a migration back, one secret after the other. Used by one thread. */
final class MigrationRollback {
  private final SecretProvider source;
  private final TargetStore target;
  private final MigrationJournal journal;

  MigrationRollback(SecretProvider source, TargetStore target, MigrationJournal journal) {
    this.source = source;
    this.target = target;
    this.journal = journal;
  }

  /**
   * Rolls one secret back, or leaves it, and returns which; empty if it is not there, and nothing
   * shows that it was written.
   */
  Optional<MigrationEvent> undo(MigrationPlan.Item item, MigrationProgress.Item state) {
    Optional<Secret> there = FreshRead.findUndeleted(target.provider(), item.name());
    return there.isEmpty()
        ? finishRemoval(item, state)
        : Optional.of(undo(item, state, there.get()));
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
      journal.add(MigrationLine.of(MigrationLine.Step.REMOVING, name));
      return remove(name);
    }
    if (before.isEmpty()) {
      return left(name, "the target no longer returns version " + item.replaced().get());
    }
    target.putBack(name, item.replaced().get());
    return putBack(item);
  }

  /** Returns the replaced version; empty if the target no longer keeps it. */
  private Optional<Secret> old(String name, String replaced) {
    if (!target.can(Capability.VERSIONS)) {
      return Optional.empty(); // the backend would return the current one
    }
    return VersionChain.find(target.provider(), name, replaced);
  }

  /**
   * Handles a missing name: an earlier rollback was killed between deleting and purging, another
   * writer has deleted it, perhaps after values of its own, or nothing was ever written.
   */
  private Optional<MigrationEvent> finishRemoval(
      MigrationPlan.Item item, MigrationProgress.Item state) {
    if (state.removing) {
      return Optional.of(remove(item.name()));
    }
    return state.written == null && item.replaced().isEmpty()
        ? Optional.empty()
        : Optional.of(left(item.name(), "another writer has deleted it"));
  }

  /**
   * Returns whether the name is as it was before, perhaps because of an earlier, killed rollback.
   */
  private static boolean isPutBack(MigrationPlan.Item item, Optional<Secret> before, Secret there) {
    return item.replaced().filter(there.version()::equals).isPresent()
        || before.filter(old -> old.value().equals(there.value())).isPresent();
  }

  private boolean isOurs(MigrationPlan.Item item, MigrationProgress.Item state, Secret there) {
    if (target.isWritten(item.name(), state, there)) {
      return true;
    }
    if (!state.begun || item.isPending(state.done)) {
      return false;
    }
    String inDoubt = item.source(state.done);
    return VersionChain.find(source, item.name(), inDoubt)
        .filter(read -> read.value().equals(there.value()))
        .isPresent();
  }

  private static MigrationEvent putBack(MigrationPlan.Item item) {
    return new MigrationEvent(
        item.name(), MigrationEvent.Type.PUT_BACK, "version " + item.replaced().orElse(""));
  }

  private MigrationEvent remove(String name) {
    try {
      target.delete(name);
    } catch (SecretException e) {
      if (!FreshRead.isOfWholeStore(e)) { // it is there still, and others may write it
        journal.add(MigrationLine.of(MigrationLine.Step.REFUSED, name));
      }
      throw e;
    }
    target.purge(name);
    return new MigrationEvent(name, MigrationEvent.Type.REMOVED, "");
  }

  private static MigrationEvent left(String name, String reason) {
    return new MigrationEvent(name, MigrationEvent.Type.LEFT, reason);
  }
}
