package de.lifetimecircle.secrets.operations.moving;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import java.util.Optional;
import java.util.function.Consumer;

/** Undoes the copying of one secret after the other. Used by one thread. */
final class Rollback {
  private final SecretProvider source;
  private final Target target;
  private final Consumer<Moved> told;

  Rollback(SecretProvider source, Target target, Consumer<Moved> told) {
    this.source = source;
    this.target = target;
    this.told = told;
  }

  void undo(MigrationPlan.Item item, Progress.Item state) {
    String name = item.name();
    Optional<Secret> there;
    try {
      there = target.current(name);
    } catch (SecretException e) {
      if (e.kind() != SecretException.Kind.PENDING_DELETION) {
        throw e;
      }
      there = Optional.empty();
    }
    if (there.isEmpty()) {
      finishRemoval(item, state);
    } else if (isPutBack(item, there.get())) {
      tell(name, Moved.Deed.PUT_BACK, "version " + item.replaced());
    } else if (!isOurs(item, state, there.get())) {
      tell(name, Moved.Deed.LEFT, "its current version is not one that this migration wrote");
    } else if (item.replaced() == null) {
      target.remove(name);
      tell(name, Moved.Deed.REMOVED, "");
    } else {
      target.putBack(name, item.replaced());
      tell(name, Moved.Deed.PUT_BACK, "version " + item.replaced());
    }
  }

  /** An earlier rollback was killed between deleting and purging, or nothing was written at all. */
  private void finishRemoval(MigrationPlan.Item item, Progress.Item state) {
    if (item.replaced() != null) {
      tell(item.name(), Moved.Deed.LEFT, "somebody has deleted it");
      return;
    }
    if (state.done > 0) { // else what may be there, deleted, was never this migration's
      target.remove(item.name());
    }
    tell(item.name(), Moved.Deed.REMOVED, "");
  }

  /** As it was before, or made so by an earlier rollback that was killed. */
  private boolean isPutBack(MigrationPlan.Item item, Secret there) {
    String replaced = item.replaced();
    return replaced != null
        && (there.version().equals(replaced)
            || Chain.read(target.provider(), item.name(), replaced).value().equals(there.value()));
  }

  private boolean isOurs(MigrationPlan.Item item, Progress.Item state, Secret there) {
    if (there.version().equals(state.written)) {
      return true;
    }
    boolean inDoubt = state.begun && !item.isPending(state.done);
    return inDoubt
        && Chain.read(source, item.name(), item.source(state.done)).value().equals(there.value());
  }

  private void tell(String name, Moved.Deed deed, String detail) {
    told.accept(new Moved(name, deed, detail));
  }
}
