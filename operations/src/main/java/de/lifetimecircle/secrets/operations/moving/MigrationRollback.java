package de.lifetimecircle.secrets.operations.moving;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.inventory.FreshRead;
import de.lifetimecircle.secrets.spi.Capability;
import java.util.Optional;
import java.util.function.Consumer;

/** Rolls a migration back, one secret after the other. Used by one thread. */
final class MigrationRollback {
  private final SecretProvider source;
  private final TargetStore target;
  private final Consumer<MigrationEvent> told;

  MigrationRollback(SecretProvider source, TargetStore target, Consumer<MigrationEvent> told) {
    this.source = source;
    this.target = target;
    this.told = told;
  }

  void undo(MigrationPlan.Item item, MigrationProgress.Item state) {
    String name = item.name();
    Optional<Secret> there = FreshRead.findUndeleted(target.provider(), name);
    if (there.isEmpty()) {
      finishRemoval(item, state);
    } else {
      undo(item, state, there.get());
    }
  }

  private void undo(MigrationPlan.Item item, MigrationProgress.Item state, Secret there) {
    String name = item.name();
    Optional<Secret> before = item.replaced().flatMap(version -> old(name, version));
    if (isPutBack(item, before, there)) {
      tell(name, MigrationEvent.Type.PUT_BACK, "version " + item.replaced().orElse(""));
    } else if (!isOurs(item, state, there)) {
      tell(
          name,
          MigrationEvent.Type.LEFT,
          "nothing shows that this migration wrote its current version");
    } else if (item.replaced().isEmpty()) {
      target.remove(name);
      tell(name, MigrationEvent.Type.REMOVED, "");
    } else if (before.isEmpty()) {
      tell(
          name,
          MigrationEvent.Type.LEFT,
          "the target no longer returns version " + item.replaced().get());
    } else {
      target.putBack(name, item.replaced().get());
      tell(name, MigrationEvent.Type.PUT_BACK, "version " + item.replaced().get());
    }
  }

  /** Returns the replaced version; empty if the target no longer keeps it. */
  private Optional<Secret> old(String name, String replaced) {
    if (!target.can(Capability.VERSIONS)) {
      return Optional.empty(); // the backend would return the current one
    }
    return FreshRead.unlessGone(() -> VersionChain.read(target.provider(), name, replaced));
  }

  /**
   * Handles a missing name: an earlier rollback was killed between deleting and purging, or nothing
   * was ever written.
   */
  private void finishRemoval(MigrationPlan.Item item, MigrationProgress.Item state) {
    if (item.replaced().isPresent()) {
      tell(item.name(), MigrationEvent.Type.LEFT, "somebody has deleted it");
      return;
    }
    if (state.done > 0
        || state.written != null) { // otherwise a deleted secret there was never this migration's
      target.remove(item.name());
    }
    tell(item.name(), MigrationEvent.Type.REMOVED, "");
  }

  /**
   * Returns whether the name is as it was before, perhaps because of an earlier, killed rollback.
   */
  private static boolean isPutBack(MigrationPlan.Item item, Optional<Secret> before, Secret there) {
    return item.replaced().filter(there.version()::equals).isPresent()
        || before.filter(old -> old.value().equals(there.value())).isPresent();
  }

  private boolean isOurs(MigrationPlan.Item item, MigrationProgress.Item state, Secret there) {
    if (there.version().equals(state.written)) {
      return true;
    }
    if (!state.begun || item.isPending(state.done)) {
      return false;
    }
    String inDoubt = item.source(state.done);
    return FreshRead.unlessGone(() -> VersionChain.read(source, item.name(), inDoubt))
        .filter(read -> read.value().equals(there.value()))
        .isPresent();
  }

  private void tell(String name, MigrationEvent.Type type, String detail) {
    told.accept(new MigrationEvent(name, type, detail));
  }
}
