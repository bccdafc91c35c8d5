package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.operations.inventory.FreshRead;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Finds the options of an unfinished rotation: compares the versions that its journal expects with
 * those that are served. Templates do not count, because every option renders them again. Used by
 * one thread; blocks for the backend.
 */
record RotationSituation(RotationScope inventory, RotationJournal journal, SecretWriter writer) {
  private PendingStore place() {
    return PendingStore.of(writer);
  }

  private List<VersionChange> secretChanges() {
    return journal.changes().stream().filter(change -> !change.isTemplate()).toList();
  }

  /** Returns whether the rotation can never finish in its direction. */
  boolean closed() {
    if (journal.direction() == RotationJournal.Direction.BACK) {
      return !journal.isDone(RotationStep.RENDER) && backRefusal().isPresent();
    }
    return journal.isDone(RotationStep.PROMOTE) ? oldIsServed() : !promotable();
  }

  private boolean promotable() {
    return secretChanges().stream()
        .filter(change -> !change.pending().isEmpty())
        .allMatch(change -> now(change).version().equals(change.old()) || place().isServed(change));
  }

  /** Returns whether another writer restored the old value without this rotation. */
  boolean oldIsServed() {
    return secretChanges().stream()
        .anyMatch(change -> old(change).filter(now(change).value()::equals).isPresent());
  }

  /**
   * Rejects a rollback that could never finish, before the journal records it.
   *
   * @throws SecretException {@code CONFLICT} if another writer has changed the served value, or the
   *     old values can no longer be read
   */
  void requireBack(String action) {
    backRefusal()
        .ifPresent(
            why -> {
              throw journal.refusal(
                  action,
                  why,
                  "The served value stays; finish the rotation with "
                      + command(RotateAction.RESUME));
            });
  }

  private Optional<String> backRefusal() {
    boolean broughtBack =
        journal.direction() == RotationJournal.Direction.BACK
            && journal.isDone(RotationStep.PROMOTE);
    for (VersionChange change : journal.changes()) {
      Optional<SecretValue> old = old(change);
      if (old.isEmpty()) {
        return Optional.of("the old version of '" + change.stored() + "' can no longer be read");
      }
      if (!broughtBack && !change.isTemplate() && !restorable(change, old.get())) {
        return Optional.of("another writer has changed '" + change.stored() + "'");
      }
    }
    return Optional.empty();
  }

  private boolean restorable(VersionChange change, SecretValue old) {
    Secret now = now(change);
    return now.version().equals(change.fresh()) || now.value().equals(old);
  }

  // ---- after a stop

  /** Returns which value is served after a step failed; falls back to the journal. */
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
    VersionChange secret = journal.changes().get(0);
    if (now(secret).version().equals(secret.old())) {
      return RotationStopped.Served.OLD;
    }
    return place().isServed(secret) ? RotationStopped.Served.NEW : RotationStopped.Served.OTHER;
  }

  private RotationStopped.Served servedOnTheWayBack() {
    VersionChange secret = journal.changes().get(0);
    if (now(secret).version().equals(secret.fresh())) {
      return RotationStopped.Served.NEW;
    }
    return old(secret).filter(now(secret).value()::equals).isPresent()
        ? RotationStopped.Served.OLD
        : RotationStopped.Served.OTHER;
  }

  /** Returns the sentence that names the value in service and the possible options. */
  String words(RotationStep step, RotationStopped.Served served) {
    boolean promoted = journal.isDone(RotationStep.PROMOTE);
    boolean forward = journal.direction() == RotationJournal.Direction.FORWARD;
    String says = " " + served.words() + " is in service.";
    if (isLost()) {
      return says
          + " The new value was not stored: abandon the rotation with "
          + command(RotateAction.ABANDON)
          + ", then supply the value again with "
          + inventory.rotate(journal.secret(), "--from-stdin")
          + ".";
    }
    if (ask(this::closed, false)) {
      return says
          + (promoted && forward && journal.isDone(RotationStep.RENDER)
              ? " Roll back its templates too with " + command(RotateAction.ROLLBACK)
              : " This rotation cannot finish: abandon it with " + command(RotateAction.ABANDON))
          + ".";
    }
    says += " Resume with " + command(RotateAction.RESUME);
    if (forward && !promoted && served == RotationStopped.Served.OLD) {
      return says + ", or abandon it with " + command(RotateAction.ABANDON) + ".";
    }
    boolean both = step == RotationStep.DEPLOY || step == RotationStep.VERIFY;
    boolean canGoBack =
        forward
            && both
            && ask(() -> inventory.hasWayBack(journal) && backRefusal().isEmpty(), true);
    return canGoBack
        ? says + ", or bring the old one back with " + command(RotateAction.ROLLBACK) + "."
        : says + ".";
  }

  /** Returns whether only the process that a person gave the new value has it, which has ended. */
  private boolean isLost() {
    VersionChange secret = journal.changes().get(0);
    return secret.pending().isEmpty()
        && inventory.secret(journal.secret()).shape() == null
        && ask(() -> place().kept(secret.stored(), journal.rotation()).isEmpty(), false);
  }

  /** Asks the backend; if it does not answer, the answer is as far as the journal knows. */
  private static boolean ask(BooleanSupplier question, boolean known) {
    try {
      return question.getAsBoolean();
    } catch (SecretException e) {
      return known;
    }
  }

  private String command(RotateAction way) {
    return inventory.open(journal.secret(), way);
  }

  private Secret now(VersionChange change) {
    return writer.provider().get(change.stored(), Duration.ZERO);
  }

  private Optional<SecretValue> old(VersionChange change) {
    return FreshRead.unlessGone(
        () -> writer.provider().get(change.stored(), VersionSelector.id(change.old())).value());
  }
}
