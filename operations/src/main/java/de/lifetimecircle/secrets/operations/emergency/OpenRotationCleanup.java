package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.rotation.RotationReport;
import de.lifetimecircle.secrets.operations.rotation.RotationStopped;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Ends a rotation of an exposed secret that was open when the emergency began, whatever its state,
 * because its new value may be exposed too. Used by one thread.
 */
record OpenRotationCleanup(Rotations rotations, String name) {
  /**
   * Ends the open rotation, if there is one.
   *
   * @param told takes the name of a secret with an open rotation
   */
  void end(Consumer<String> told) {
    RotationReport open = open(told);
    if (open == null) {
      return;
    }
    boolean promoted = !open.changes().get(0).newVersion().isEmpty();
    RotationReport ended = promoted ? resume() : abandon();
    if (ended.outcome() == RotationReport.Outcome.WAITING) {
      RotationReport unused = orGivenUp(() -> rotations.retire(name));
    }
  }

  /**
   * Abandons the open rotation, if there is one: people have replaced the value, so nobody may
   * resume it.
   *
   * @param told takes the name of a secret with an open rotation
   */
  void giveUp(Consumer<String> told) {
    if (open(told) == null) {
      return;
    }
    try {
      RotationReport unused = rotations.abandon(name);
    } catch (SecretException e) {
      if (!endsIt(e)) {
        throw e;
      }
      RotationReport unused = rotations.setAside(name);
    }
  }

  /**
   * Returns the open rotation. The journal of a store that the secret was moved from is set aside:
   * its versions are of that store, and the emergency invalidates those of this store anyway.
   */
  private @Nullable RotationReport open(Consumer<String> told) {
    if (rotations.passForeignBy(name).isPresent()) {
      return null;
    }
    Optional<RotationReport> open = rotations.open(name);
    open.ifPresent(report -> told.accept(report.name()));
    return open.orElse(null);
  }

  /**
   * Returns whether the new value is in service. The process may have crashed after the promotion
   * and before its line in the journal.
   */
  private RotationReport abandon() {
    try {
      return rotations.abandon(name);
    } catch (SecretException e) {
      if (e.kind() != SecretException.Kind.CONFLICT) {
        throw e;
      }
      return resume();
    }
  }

  /** Resumes the rotation, or abandons it if it cannot be resumed. */
  RotationReport resume() {
    return orGivenUp(() -> rotations.resume(name));
  }

  /**
   * Abandons a rotation that cannot be resumed because somebody else has changed the served value;
   * the emergency replaces that value next. If the rotation cannot be abandoned either, it is of
   * another store of the same kind, and its journal is set aside.
   */
  private RotationReport orGivenUp(Supplier<RotationReport> way) {
    try {
      return way.get();
    } catch (RotationStopped e) {
      if (!(e.getCause() instanceof SecretException why) || !endsIt(why)) {
        throw e;
      }
      try {
        return rotations.abandon(name);
      } catch (SecretException refused) {
        if (!endsIt(refused)) {
          e.addSuppressed(refused);
          throw e;
        }
        return rotations.setAside(name);
      }
    }
  }

  private static boolean endsIt(SecretException why) {
    return why.kind() == SecretException.Kind.CONFLICT || Rotations.isGone(why);
  }
}
