package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.operations.inventory.FreshRead;
import de.lifetimecircle.secrets.operations.rotation.RotationStopped.Served;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Finds the options of an unfinished rotation: compares the versions that its journal expects with
 * those that are served and pending. Templates do not count, because every option renders them
 * again. Used by one thread; blocks for the backend.
 */
record RotationSituation(
    RotationScope inventory,
    RotationJournalWriter records,
    RotationJournal journal,
    SecretWriter writer) {

  /**
   * The reason to call no further hook of a rotation.
   *
   * @param name the name in the store whose version is another one than the journal expects
   */
  private record Obstacle(String name, String why) {}

  private PendingStore place() {
    return PendingStore.of(writer);
  }

  private List<VersionChange> secretChanges() {
    return journal.changes().stream().filter(change -> !change.isTemplate()).toList();
  }

  private boolean isBack() {
    return journal.direction() == RotationJournal.Direction.BACK;
  }

  /** Returns whether the rotation can never finish in its direction. */
  boolean closed() {
    if (isBack()) {
      return journal.isDone(RotationStep.RENDER)
          ? isHooked() && hasMoved()
          : backRefusal().isPresent();
    }
    boolean onlyStored = journal.promoted() && !isHooked();
    return onlyStored ? oldIsServed() : obstacle().isPresent();
  }

  /** Returns whether a hook makes the served value count: without one no system can differ. */
  private boolean isHooked() {
    List<RotationStep> steps = isBack() ? RotationStep.BACK : List.of(RotationStep.values());
    return journal.given() != RotationJournal.Given.NOTHING
        || steps.stream()
            .anyMatch(step -> HookInvoker.isThere(inventory.secret(journal.secret()), step));
  }

  // ---- what the journal expects

  /**
   * Rejects a hook or a promotion if another writer has changed the served value, or has ended this
   * rotation elsewhere.
   *
   * @throws SecretException {@code CONFLICT}
   */
  void requireUnmoved() {
    Optional<Obstacle> found = obstacle();
    if (found.isPresent()) {
      throw SecretException.of(SecretException.Kind.CONFLICT, "continue the rotation of secret")
          .name(found.get().name())
          .reason(found.get().why() + given())
          .advice("So no hook was called")
          .build();
    }
  }

  /** Returns why the rotation can never finish, in a clause; empty if it can. */
  Optional<String> whyClosed() {
    return closed() ? obstacle().map(found -> found.why() + given()) : Optional.empty();
  }

  private Optional<Obstacle> obstacle() {
    return moved().or(this::endedElsewhere);
  }

  /** Returns whether the store serves another version than the journal expects. */
  boolean hasMoved() {
    return moved().isPresent();
  }

  private Optional<Obstacle> moved() {
    return secretChanges().stream().flatMap(change -> moved(change).stream()).findFirst();
  }

  private Optional<Obstacle> moved(VersionChange change) {
    Optional<Secret> now = now(change);
    if (now.isEmpty()) {
      return Optional.of(
          new Obstacle(change.stored(), "another writer has deleted it, and no value is served"));
    }
    if (isExpected(change, now.get())) {
      return Optional.empty();
    }
    boolean restored = !isBack() && journal.promoted() && has(change, change.old(), now.get());
    return Optional.of(
        new Obstacle(
            change.stored(),
            (restored
                    ? "another writer restored it without this rotation"
                    : "another writer has changed it")
                + ": version "
                + now.get().version()
                + " is served now"));
  }

  private boolean isExpected(VersionChange change, Secret now) {
    if (isBack()) {
      boolean restored = journal.isDone(RotationStep.PROMOTE);
      return now.version().equals(restored ? change.restored() : change.fresh())
          || has(change, change.old(), now);
    }
    if (journal.promoted()) { // a store may serve a copy once it has retired the old version
      return now.version().equals(change.fresh()) || has(change, change.fresh(), now);
    }
    return now.version().equals(change.old()) || isServed(change);
  }

  private boolean isServed(VersionChange change) {
    return !change.pending().isEmpty() && place().isServed(change);
  }

  private boolean has(VersionChange change, String version, Secret now) {
    return FreshRead.unlessGone(() -> version(change, version))
        .filter(now.value()::equals)
        .isPresent();
  }

  /** Returns the obstacle that the value which the rotation would promote is not pending. */
  private Optional<Obstacle> endedElsewhere() {
    if (isBack() || journal.promoted()) {
      return Optional.empty();
    }
    return secretChanges().stream()
        .filter(change -> !change.pending().isEmpty())
        .filter(change -> !place().isPending(change) && !place().isServed(change))
        .map(
            change ->
                new Obstacle(
                    change.stored(),
                    "its new value is no longer pending: "
                        + records.ended(journal).orElse("another process has ended this rotation")))
        .findFirst();
  }

  /** Returns a clause that says what the system was last given; empty if there is no such hook. */
  private String given() {
    return switch (journal.given()) {
      case NOTHING ->
          HookInvoker.isThere(inventory.secret(journal.secret()), RotationStep.APPLY)
              ? "; the hook 'apply' of this rotation has given nothing to the system that it opens"
              : "";
      case OLD ->
          "; the hook 'apply' of this rotation last gave the old value to the system that it opens";
      case NEW ->
          "; the hook 'apply' of this rotation last gave the new value to the system that it opens";
      case UNKNOWN ->
          "; the hook 'apply' of this rotation failed or was cut off, so the system that it opens may"
              + " accept the old value or the new one";
    };
  }

  /** Returns whether another writer restored the old value without this rotation. */
  boolean oldIsServed() {
    return secretChanges().stream()
        .anyMatch(change -> now(change).filter(now -> has(change, change.old(), now)).isPresent());
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
                  closed()
                      ? wayOut()
                      : "The served value stays; finish the rotation with "
                          + command(RotateAction.RESUME));
            });
  }

  private Optional<String> backRefusal() {
    boolean broughtBack = isBack() && journal.isDone(RotationStep.PROMOTE);
    for (VersionChange change : journal.changes()) {
      if (!change.isTemplate() && now(change).isEmpty()) {
        return Optional.of("another writer has deleted '" + change.stored() + "'");
      }
      Optional<SecretValue> old = FreshRead.unlessGone(() -> version(change, change.old()));
      if (old.isEmpty()) {
        return Optional.of("the old version of '" + change.stored() + "' can no longer be read");
      }
      if (!broughtBack && !change.isTemplate() && !restorable(change, old.get())) {
        return Optional.of("another writer has changed '" + change.stored() + "'" + given());
      }
    }
    return Optional.empty();
  }

  private boolean restorable(VersionChange change, SecretValue old) {
    return now(change)
        .filter(now -> now.version().equals(change.fresh()) || now.value().equals(old))
        .isPresent();
  }

  // ---- after a stop

  /** Returns which value is served; falls back to the journal if the backend does not answer. */
  Served served() {
    VersionChange secret = journal.changes().get(0);
    try {
      Optional<Secret> now = now(secret);
      if (now.isEmpty()) {
        return Served.NONE;
      }
      if (now.get().version().equals(secret.fresh()) || isServed(secret)) {
        return Served.NEW;
      }
      return has(secret, secret.old(), now.get()) ? Served.OLD : Served.OTHER;
    } catch (SecretException e) {
      return journal.isDone(RotationStep.PROMOTE) == isBack() ? Served.OLD : Served.NEW;
    }
  }

  /** Returns the sentence that names the value in service and the possible options. */
  String words(RotationStep step, Served served) {
    boolean promoted = journal.isDone(RotationStep.PROMOTE);
    boolean forward = !isBack();
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
      return says + " " + wayOut() + ".";
    }
    says += " Resume with " + command(RotateAction.RESUME);
    if (forward && !promoted && served == Served.OLD) {
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

  /** Returns the sentence, without its full stop, that names the way out of a closed rotation. */
  String wayOut() {
    if (served() == Served.NONE) {
      return "Bring it back with '"
          + inventory.inventory().storeCommand("restore " + journal.stored())
          + "', then abandon the rotation with "
          + command(RotateAction.ABANDON);
    }
    return !isBack() && journal.isDone(RotationStep.RENDER) && ask(this::oldIsServed, false)
        ? "Roll back its templates too with " + command(RotateAction.ROLLBACK)
        : "This rotation cannot finish: abandon it with " + command(RotateAction.ABANDON);
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

  private Optional<Secret> now(VersionChange change) {
    return FreshRead.findUndeleted(writer.provider(), change.stored());
  }

  private SecretValue version(VersionChange change, String version) {
    return writer.provider().get(change.stored(), VersionSelector.id(version)).value();
  }
}
