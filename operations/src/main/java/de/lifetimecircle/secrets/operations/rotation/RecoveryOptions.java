package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.VersionSelector;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Says which ways on a rotation has that is not finished: compares what its journal expects with
 * what is served. Templates are left out, since they are put together anew on every way. Used by
 * one thread; blocks for the backend.
 */
final class RecoveryOptions {
  private final RotationJournal journal;
  private final PendingStore place;
  private final SecretProvider provider;
  private final List<VersionChange> brought;

  RecoveryOptions(RotationJournal journal, PendingStore place, SecretProvider provider) {
    this.journal = journal;
    this.place = place;
    this.provider = provider;
    this.brought =
        journal.changes().stream().filter(c -> c.part() != VersionChange.Part.TEMPLATE).toList();
  }

  /** Whether the direction it has cannot be gone to its end, whoever resumes it. */
  boolean closed() {
    if (journal.direction() == RotationJournal.Direction.BACK) {
      return !journal.isDone(RotationStep.RENDER) && backRefusal().isPresent();
    }
    return journal.isDone(RotationStep.PROMOTE) ? oldIsServed() : !promotable();
  }

  private boolean promotable() {
    return brought.stream()
        .filter(change -> !change.pending().isEmpty())
        .allMatch(change -> now(change).version().equals(change.old()) || place.isServed(change));
  }

  /** Whether somebody brought the old value back without this rotation. */
  boolean oldIsServed() {
    return brought.stream()
        .anyMatch(change -> old(change).filter(now(change).value()::equals).isPresent());
  }

  /**
   * Refuses the way back while the journal does not know it yet, since it would never end.
   *
   * @throws SecretException {@code CONFLICT} if somebody has changed what is served, or if the old
   *     values cannot be read any more
   */
  void requireBack() {
    backRefusal()
        .ifPresent(
            why -> {
              throw Rotations.wrongWay(
                  journal, why, "What is served stays; end the rotation with --resume");
            });
  }

  private Optional<String> backRefusal() {
    boolean broughtBack =
        journal.direction() == RotationJournal.Direction.BACK
            && journal.isDone(RotationStep.PROMOTE);
    for (VersionChange change : journal.changes()) {
      Optional<SecretValue> old = old(change);
      if (old.isEmpty()) {
        return Optional.of("the old version of '" + change.stored() + "' cannot be read any more");
      }
      if (!broughtBack && brought.contains(change) && !restorable(change, old.get())) {
        return Optional.of("somebody else has changed '" + change.stored() + "'");
      }
    }
    return Optional.empty();
  }

  private boolean restorable(VersionChange change, SecretValue old) {
    Secret now = now(change);
    return now.version().equals(change.fresh()) || now.value().equals(old);
  }

  // ---- after a stop

  /** Which value is served when that step could not be done; as the journal has it at worst. */
  RotationStopped.Served servedAt(RotationStep step) {
    boolean back = journal.direction() == RotationJournal.Direction.BACK;
    boolean promoted = journal.isDone(RotationStep.PROMOTE);
    RotationStopped.Served known =
        promoted == back ? RotationStopped.Served.OLD : RotationStopped.Served.NEW;
    try {
      if (step == RotationStep.PROMOTE) {
        return back ? servedOnTheWayBack() : servedInPromotion();
      }
      return promoted && !back && oldIsServed() ? RotationStopped.Served.OLD : known;
    } catch (SecretException e) {
      return known;
    }
  }

  private RotationStopped.Served servedInPromotion() {
    VersionChange secret = brought.get(0);
    if (now(secret).version().equals(secret.old())) {
      return RotationStopped.Served.OLD;
    }
    return place.isServed(secret) ? RotationStopped.Served.NEW : RotationStopped.Served.OTHER;
  }

  private RotationStopped.Served servedOnTheWayBack() {
    VersionChange secret = brought.get(0);
    if (now(secret).version().equals(secret.fresh())) {
      return RotationStopped.Served.NEW;
    }
    return old(secret).filter(now(secret).value()::equals).isPresent()
        ? RotationStopped.Served.OLD
        : RotationStopped.Served.OTHER;
  }

  /** Which value is in service, and the options that are taken from here. */
  String words(RotationStep step, RotationStopped.Served served) {
    boolean promoted = journal.isDone(RotationStep.PROMOTE);
    boolean forward = journal.direction() == RotationJournal.Direction.FORWARD;
    String says = " " + served.words() + " is in service.";
    if (closedNow()) {
      return says
          + (promoted && forward && journal.isDone(RotationStep.RENDER)
              ? " Bring back what goes with it with " + command("--rollback")
              : " There is no way on from there: give it up with " + command("--abandon"))
          + ".";
    }
    says += " Go on with " + command("--resume");
    if (forward && served == RotationStopped.Served.OLD) {
      return says + ", or give it up with " + command("--abandon") + ".";
    }
    boolean both = step == RotationStep.DEPLOY || step == RotationStep.VERIFY;
    return forward && both
        ? says + ", or bring the old one back with " + command("--rollback") + "."
        : says + ".";
  }

  private boolean closedNow() {
    try {
      return closed();
    } catch (SecretException e) {
      return false; // as far as anybody knows
    }
  }

  private String command(String option) {
    return "'secrets rotate " + journal.secret() + " " + option + "'";
  }

  private Secret now(VersionChange change) {
    return provider.get(change.stored(), Duration.ZERO);
  }

  private Optional<SecretValue> old(VersionChange change) {
    try {
      return Optional.of(provider.get(change.stored(), VersionSelector.id(change.old())).value());
    } catch (SecretException e) {
      if (!RotationValues.isGone(e)) {
        throw e;
      }
      return Optional.empty();
    }
  }
}
