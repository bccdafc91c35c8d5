package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.inventory.FreshRead;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Handles journals that cannot be resumed here: damaged ones, and those of a store that the secret
 * was moved from. It keeps them under another name. Used by one thread, which has locked the names.
 */
record StaleJournals(RotationScope inventory, RotationJournalWriter records, SecretWriter writer) {

  /** Returns the journal of a rotation that began on another backend. */
  Optional<RotationJournal> foreign(String name) {
    try {
      return records
          .read(inventory, inventory.secret(name).name())
          .filter(journal -> !journal.scheme().equals(scheme(journal)));
    } catch (SecretException e) {
      if (e.kind() != SecretException.Kind.CORRUPT) {
        throw e;
      }
      return Optional.empty(); // its backend is unknown
    }
  }

  /** Returns the backend here; that of the journal if no value is served that would tell. */
  private String scheme(RotationJournal journal) {
    return FreshRead.findUndeleted(writer.provider(), journal.stored())
        .map(Secret::scheme)
        .orElse(journal.scheme());
  }

  /**
   * Rejects a journal of another backend.
   *
   * @throws SecretException {@code CONFLICT}
   */
  void requireHere(RotationJournal journal) {
    String scheme = scheme(journal);
    if (!scheme.equals(journal.scheme())) {
      throw journal.refusal(
          "continue the rotation of secret",
          "it was begun on " + journal.scheme() + ", and this is " + scheme,
          "Name that store with "
              + inventory.command(
                  RotateAction.RESUME.words(journal.secret()) + " --backend " + journal.scheme())
              + ", or if the secret has moved to "
              + scheme
              + ", set the journal aside with "
              + inventory.open(journal.secret(), RotateAction.ABANDON));
    }
  }

  /**
   * Rejects names whose pending values are of a rotation that has no journal here.
   *
   * @throws SecretException {@code CONFLICT}
   */
  void refuseForeign(RotationJournal journal, PendingStore place) {
    for (VersionChange change : journal.changes()) {
      place
          .foreign(change.stored(), journal.rotation())
          .ifPresent(
              whose -> {
                throw SecretException.of(SecretException.Kind.CONFLICT, "rotate secret")
                    .name(change.stored())
                    .reason(whose + ", and " + records.folder().path() + " has no journal of it")
                    .advice(
                        "Another process is rotating it: wait, or name the folder of that journal"
                            + " with --journal. If none does and no hook of it runs on any machine,"
                            + " clear it with "
                            + inventory.confirmed(journal.secret(), RotateAction.ABANDON))
                    .build();
              });
    }
  }

  /** Sets a journal aside and clears pending values of its names here, such as a moved copy. */
  RotationReport passBy(RotationJournal journal) {
    PendingStore place = PendingStore.of(writer);
    journal.changes().forEach(change -> clearHere(place, change.stored()));
    Path aside = setAside(journal.stored(), journal.scheme() + "-" + journal.rotation());
    String note =
        "a rotation that "
            + journal.startedBy()
            + " began on "
            + journal.scheme()
            + " is ignored; the work of its hooks was not undone; its journal is kept as "
            + aside.getFileName();
    records.listener().note(note);
    records.log(journal, LogEntry.Event.ABANDONED, Optional.empty(), note);
    return journal.report(RotationReport.Outcome.ABANDONED);
  }

  private Path setAside(String stored, String ending) {
    return records.folder().files().setAside(stored, ending).orElseThrow();
  }

  /** Clears a pending value; this store need not have every name of that rotation. */
  private static void clearHere(PendingStore place, String stored) {
    Optional<Boolean> unused =
        FreshRead.unless(Set.of(SecretException.Kind.NOT_FOUND), () -> place.clearAny(stored));
  }

  /**
   * Returns a journal for pending values whose own journal is missing or damaged.
   *
   * @throws SecretException the reason, if it is another one or there is nothing to end
   */
  RotationJournal unknown(InventorySecret secret, SecretException why) {
    boolean damaged = why.kind() == SecretException.Kind.CORRUPT;
    if (!damaged && why.kind() != SecretException.Kind.NOT_FOUND) {
      throw why;
    }
    RotationJournal journal = adopted(secret);
    if (!damaged && journal.changes().stream().allMatch(change -> change.pending().isEmpty())) {
      throw why;
    }
    return journal;
  }

  /** Returns a new journal with the values that are served and pending here. */
  RotationJournal adopted(InventorySecret secret) {
    PendingStore place = PendingStore.of(writer);
    List<VersionChange> changes =
        inventory.changes(secret).stream()
            .filter(
                change -> // a store to which the secret was moved need not have its templates
                !change.isTemplate()
                        || FreshRead.find(writer.provider(), change.stored()).isPresent())
            .map(change -> place.any(change.stored()).map(change::withPending).orElse(change))
            .toList();
    return records
        .newJournal(inventory, secret, changes, writer.provider(), Duration.ZERO)
        .given(
            HookInvoker.isThere(secret, RotationStep.APPLY)
                ? RotationJournal.Given.UNKNOWN
                : RotationJournal.Given.NOTHING);
  }

  /** Sets a damaged journal aside, says so and returns it for the log. */
  String setAsideDamaged(InventorySecret secret, SecretException why) {
    String note =
        why.kind() == SecretException.Kind.CORRUPT
            ? "the journal is kept as "
                + setAside(inventory.stored(secret.name()), "unusable").getFileName()
            : "no journal of it was found";
    records.listener().note(note);
    return note;
  }
}
