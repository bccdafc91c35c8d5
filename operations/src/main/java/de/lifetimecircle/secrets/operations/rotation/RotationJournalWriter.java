package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Records what rotations do, in journals and in the log. Used by one thread; blocks for the file
 * system.
 *
 * @param who the person or program that rotates
 * @param random makes the ids of rotations
 * @param listener receives what a person should know
 * @param reserved locks that the caller keeps; null if it has none
 */
record RotationJournalWriter(
    JournalFolder folder,
    String who,
    InstantSource clock,
    RandomGenerator random,
    RotationListener listener,
    @Nullable NameLocks reserved) {

  Instant now() {
    return clock.instant();
  }

  /** Returns the open rotation of a name in the inventory; see {@link JournalFolder#read}. */
  Optional<RotationJournal> read(RotationScope inventory, String name) {
    return folder.read(inventory.stored(name), inventory.confirmed(name, RotateAction.ABANDON));
  }

  /** Locks names for this process; see {@link NameLocks}. */
  NameLocks lock(List<String> names) {
    return new NameLocks(folder.path(), who, "rotate secret", reserved).and(names);
  }

  /**
   * Returns the journal of a new rotation, whose old versions are those that are served now; {@link
   * #record} writes it.
   */
  RotationJournal newJournal(
      RotationScope inventory,
      InventorySecret secret,
      List<VersionChange> names,
      SecretProvider provider,
      Duration grace) {
    List<VersionChange> changes =
        names.stream()
            .map(change -> change.withOld(provider.get(change.stored(), Duration.ZERO).version()))
            .toList();
    byte[] id = new byte[8];
    random.nextBytes(id);
    Instant now = now();
    return new RotationJournal(
        HexFormat.of().formatHex(id),
        inventory.inventory().service(),
        inventory.environment().name(),
        secret.name(),
        provider.get(changes.get(0).stored()).scheme(),
        who,
        now,
        0,
        who,
        now,
        RotationJournal.Direction.FORWARD,
        Set.of(),
        Set.of(),
        changes,
        grace,
        Optional.empty(),
        RotationJournal.Given.NOTHING,
        Optional.empty());
  }

  /** Writes the journal, and tells the listener if the clock is behind its last entry. */
  RotationJournal record(RotationJournal journal) {
    Instant now = now();
    if (now.isBefore(journal.at())) {
      listener.note("the clock is behind the journal of the rotation, which is of " + journal.at());
    }
    RotationJournal next = journal.next(who, now);
    folder.files().write(next.stored(), next);
    return next;
  }

  /** Logs the end of a rotation and deletes its journal. */
  void end(RotationJournal journal, LogEntry.Event event, String note) {
    log(journal, event, Optional.empty(), note);
    folder.files().delete(journal.stored());
  }

  /** Returns who ended the rotation, or a later one of its name, by the log; empty if none did. */
  Optional<String> ended(RotationJournal journal) {
    AtomicReference<LogEntry> last = new AtomicReference<>();
    RotationLog.Summary unused =
        new RotationLog(folder.path())
            .read(
                entry -> {
                  if (entry.event().isEnd() && entry.isAbout(journal)) {
                    last.set(entry);
                  }
                },
                problem -> {});
    return Optional.ofNullable(last.get())
        .map(
            entry ->
                entry.by()
                    + " has ended it at "
                    + entry.at()
                    + " ("
                    + entry.event()
                    + " in the log)");
  }

  /** Adds a line to the log. */
  void log(
      RotationJournal journal, LogEntry.Event event, Optional<RotationStep> step, String note) {
    VersionChange change = journal.changes().get(0);
    String fresh = change.restored().isEmpty() ? change.fresh() : change.restored();
    String said =
        new RotationLog(folder.path())
            .append(
                new LogEntry(
                    0,
                    now(),
                    who,
                    journal.rotation(),
                    journal.environment(),
                    journal.secret(),
                    journal.stored(),
                    journal.scheme(),
                    event,
                    step,
                    change.old(),
                    fresh.isEmpty() ? change.pending() : fresh,
                    note));
    if (!said.isEmpty()) {
      listener.note(said);
    }
  }
}
