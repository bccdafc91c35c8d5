package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Deals with journals that no rotation here can go on with: damaged ones, and those of a store that
 * the secret has been moved from. They are kept under another name. Used by one thread, which has
 * the names locked.
 */
final class ForeignJournals {
  private final RotationContext context;

  ForeignJournals(RotationContext context) {
    this.context = context;
  }

  /** The journal of a rotation that was begun on another backend. */
  Optional<RotationJournal> foreign(String name) {
    String stored = context.environment().stored(context.secret(name).name());
    try {
      return context
          .folder()
          .read(stored)
          .filter(journal -> !journal.scheme().equals(scheme(stored)));
    } catch (SecretException e) {
      if (e.kind() != SecretException.Kind.CORRUPT) {
        throw e;
      }
      return Optional.empty(); // nobody can tell whose it is
    }
  }

  private String scheme(String stored) {
    return context.writer().provider().get(stored, Duration.ZERO).scheme();
  }

  /**
   * Refuses a journal of another backend.
   *
   * @throws SecretException {@code CONFLICT}
   */
  void requireHere(RotationJournal journal) {
    String scheme = scheme(journal.stored());
    if (!scheme.equals(journal.scheme())) {
      throw Rotations.wrongWay(
          journal,
          "it was begun on " + journal.scheme() + ", and this is " + scheme,
          "Use --backend "
              + journal.scheme()
              + ", or if the secret has moved to "
              + scheme
              + ", set the journal aside with 'secrets rotate "
              + journal.secret()
              + " --abandon'");
    }
  }

  /** Sets a journal aside, and clears what is pending of its names here, such as a moved copy. */
  RotationReport passBy(RotationJournal journal) {
    PendingStore place = PendingStore.of(context.writer());
    journal.changes().forEach(change -> clearHere(place, change.stored()));
    Path aside =
        context.folder().setAside(journal.stored(), journal.scheme() + "-" + journal.rotation());
    String note =
        "a rotation that "
            + journal.startedBy()
            + " began on "
            + journal.scheme()
            + " is passed by; what its hooks did was not undone; its journal is kept as "
            + aside.getFileName();
    context.listener().note(note);
    context.log(journal, LogEntry.Event.ABANDONED, Optional.empty(), note);
    return journal.report(RotationReport.Outcome.ABANDONED);
  }

  /** Not every name of that rotation has to be in this store. */
  private static void clearHere(PendingStore place, String stored) {
    try {
      boolean unused = place.clearAny(stored);
    } catch (SecretException e) {
      if (e.kind() != SecretException.Kind.NOT_FOUND) {
        throw e;
      }
    }
  }

  /** Without a journal nobody knows what the hooks did; what is pending can be cleared. */
  RotationReport abandonUnknown(InventorySecret secret, SecretException why) {
    String stored = context.environment().stored(secret.name());
    PendingStore place = PendingStore.of(context.writer());
    boolean damaged = why.kind() == SecretException.Kind.CORRUPT;
    if (!damaged && why.kind() != SecretException.Kind.NOT_FOUND) {
      throw why;
    }
    RotationJournal journal = context.newJournal(secret, context.plan(secret), Duration.ZERO);
    boolean any = false;
    for (VersionChange change : journal.changes()) {
      any |= place.clearAny(change.stored());
    }
    if (!damaged && !any) {
      throw why;
    }
    String aside =
        damaged
            ? "the journal is kept as " + context.folder().setAside(stored, "unusable")
            : "no journal";
    String note = aside + "; what the hooks of that rotation did was not undone";
    context.listener().note(note);
    context.log(journal, LogEntry.Event.ABANDONED, Optional.empty(), note);
    return journal.report(RotationReport.Outcome.ABANDONED);
  }
}
