package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.operations.inventory.FreshRead;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.rotation.RotationReport;
import de.lifetimecircle.secrets.operations.rotation.RotationStep;
import de.lifetimecircle.secrets.operations.rotation.RotationStopped;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Gives an exposed secret a new value, and ends a rotation of it that was open when the emergency
 * began, whatever its state, because its new value may be exposed too. Used by one thread.
 *
 * @param target the secret
 */
record ExposedRotation(EmergencyRun run, Rotations rotations, InventorySecret target) {
  private String name() {
    return target.name();
  }

  /** Resumes an open rotation or begins one, and finishes it. */
  void replace() {
    run.forgetClaim(); // no person can have seen what is only done now
    boolean begun = rotations.open(name()).isPresent();
    RotationReport report = begun ? resume() : rotate();
    if (report.outcome() == RotationReport.Outcome.ABANDONED) {
      report = rotate();
    } else if (begun) {
      tellKept();
    }
    if (report.outcome() == RotationReport.Outcome.WAITING) {
      report = rotations.retire(name());
    }
    if (report.oldValue() == RotationReport.OldValue.REFUSED) {
      run.update(run.journal().withRefused(name()));
    }
    for (RotationReport.Changed change : report.changes()) {
      run.update(run.journal().withServed(change.name(), change.newVersion()));
      run.part(
          run.situation()
              .text("part.version", change.name(), change.oldVersion(), change.newVersion()));
    }
  }

  private RotationReport rotate() {
    if (!EmergencySituation.isSupplied(target)) {
      return rotations.rotate(name(), Duration.ZERO);
    }
    try (SecretValue value = run.supplied(target)) {
      String stored = run.situation().stored(target);
      if (run.exposed().isExposed(stored, value)) {
        throw SecretException.of(SecretException.Kind.INVALID_VALUE, "replace secret")
            .name(stored)
            .reason("the supplied value is an exposed one")
            .advice("Get a new one from its issuer, and supply that")
            .build();
      }
      return rotations.rotateTo(name(), value);
    }
  }

  private void tellKept() {
    if (EmergencySituation.isSupplied(target)) {
      run.part(run.situation().text("part.kept", run.situation().stored(target)));
    }
  }

  /**
   * Returns whether an earlier process has put the value of a person in service, and was killed
   * before it could write that down; records it then. Asking again would reject that value as the
   * served one.
   */
  boolean isReplaced() {
    boolean replaced =
        EmergencySituation.isSupplied(target)
            && rotations.open(name()).isEmpty()
            && run.situation().targets().changedBy(target).stream()
                .noneMatch(run.exposed()::isServed);
    if (replaced) {
      run.servedNow(target);
      tellKept();
    }
    return replaced;
  }

  /** Ends the open rotation, if there is one. */
  void endEarlier() {
    earlier()
        .ifPresent(
            open -> {
              boolean promoted = !open.changes().get(0).newVersion().isEmpty();
              RotationReport ended = promoted ? resume() : abandon();
              if (ended.outcome() == RotationReport.Outcome.WAITING) {
                RotationReport unused = orGivenUp(() -> rotations.retire(name()));
              }
            });
  }

  /**
   * Abandons the open rotation, if there is one: people have replaced the value, so it must not be
   * resumed.
   */
  void giveUpEarlier() {
    if (earlier().isEmpty()) {
      return;
    }
    try {
      RotationReport unused = rotations.abandon(name());
    } catch (SecretException e) {
      if (!endsIt(e)) {
        throw e;
      }
      RotationReport unused = rotations.setAside(name());
    }
  }

  /**
   * Returns the open rotation, and tells of it. The journal of a store that the secret was moved
   * from is set aside: its versions are of that store, and the emergency invalidates those of this
   * store anyway.
   */
  private Optional<RotationReport> earlier() {
    Optional<RotationReport> open =
        rotations.passForeignBy(name()).isPresent() ? Optional.empty() : rotations.open(name());
    open.ifPresent(report -> run.part(run.situation().text("part.earlier", report.name())));
    return open;
  }

  /**
   * Returns whether the new value is in service. The process may have crashed after the promotion
   * and before its line in the journal.
   */
  private RotationReport abandon() {
    return FreshRead.unless(Set.of(SecretException.Kind.CONFLICT), () -> rotations.abandon(name()))
        .orElseGet(this::resume);
  }

  /** Resumes the rotation, or abandons it if it cannot be resumed. */
  private RotationReport resume() {
    return orGivenUp(() -> rotations.resume(name()));
  }

  /**
   * Abandons a rotation that cannot be resumed because another writer has changed the served value;
   * the emergency replaces that value next. If the rotation cannot be abandoned either, it is of
   * another store of the same kind, and its journal is set aside.
   */
  private RotationReport orGivenUp(Supplier<RotationReport> way) {
    try {
      return way.get();
    } catch (RotationStopped e) {
      if (!(e.getCause() instanceof SecretException why) || !(endsIt(why) || isLost(e, why))) {
        throw e;
      }
      try {
        return rotations.abandon(name());
      } catch (SecretException refused) {
        if (!endsIt(refused)) {
          e.addSuppressed(refused);
          throw e;
        }
        return rotations.setAside(name());
      }
    }
  }

  /** Returns whether a process was killed with the value of a person before it was stored. */
  private boolean isLost(RotationStopped stop, SecretException why) {
    return EmergencySituation.isSupplied(target)
        && stop.step() == RotationStep.PENDING
        && why.kind() == SecretException.Kind.UNSUPPORTED;
  }

  private static boolean endsIt(SecretException why) {
    return why.kind() == SecretException.Kind.CONFLICT || FreshRead.isGone(why);
  }
}
