package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.ShellWord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A rotation that is not finished, read from its journal without calling the backend. Immutable;
 * holds no value.
 *
 * @param report its state: the names that it changes, and until when the old value is valid
 * @param scheme the backend on which it was begun
 * @param by the person who began it
 * @param begun the time at which it began
 * @param step the word of its last finished step
 * @param accepted a sentence with the commands that end it
 */
public record OpenRotation(
    RotationReport report, String scheme, String by, Instant begun, String step, String accepted) {
  /**
   * Reads the journals of a folder; blocks for the file system.
   *
   * @return the rotations by their names in the store; none if the folder does not exist
   * @throws SecretException {@code CORRUPT} if a journal cannot be used, {@code CONFIGURATION} if
   *     the folder cannot be read
   */
  public static List<OpenRotation> in(Path folder) {
    return in(folder, command(folder));
  }

  /**
   * Reads the journals of an inventory, whose commands lead to it; see {@link #in(Path)}.
   *
   * @param inventory the inventory, which may have another folder of journals than the usual one
   */
  public static List<OpenRotation> in(Path folder, Inventory inventory) {
    return in(folder, command(inventory));
  }

  private static List<OpenRotation> in(Path folder, UnaryOperator<String> command) {
    return new JournalFolder(folder)
        .all(stored -> command.apply(RotateAction.ABANDON.confirmed(stored))).stream()
            .map(journal -> of(journal, command))
            .toList();
  }

  /** Completes words to a command on the inventory beside a folder, in quotes. */
  static UnaryOperator<String> command(Path folder) {
    Path beside = folder.resolveSibling(Inventory.FILE);
    String option =
        beside.equals(Path.of(Inventory.FILE)) || !Files.exists(beside)
            ? ""
            : " --inventory " + ShellWord.of(beside.toString());
    return words -> "'secrets " + words + option + "'";
  }

  /** Completes words to a command on an inventory, in quotes. */
  static UnaryOperator<String> command(Inventory inventory) {
    String file =
        inventory.source().equals(Inventory.FILE)
            ? ""
            : " --inventory " + ShellWord.of(inventory.source());
    return words -> "'" + inventory.storeCommand(words + file) + "'";
  }

  static OpenRotation of(RotationJournal journal, UnaryOperator<String> command) {
    String environment = " --environment " + journal.environment();
    return new OpenRotation(
        journal.report(),
        journal.scheme(),
        journal.startedBy(),
        journal.startedAt(),
        journal.lastStep(),
        journal.accepted(way -> command.apply(way.words(journal.secret()) + environment)));
  }

  /** Returns whether it changes a name in the store. */
  public boolean changes(String stored) {
    return report.changes().stream().anyMatch(change -> change.name().equals(stored));
  }

  /** Returns whether the new value is in service and the old one valid until its grace ends. */
  public boolean waits() {
    return report.outcome() == RotationReport.Outcome.WAITING;
  }

  /** Returns who began it, when, and at which step it is, as a part of a sentence. */
  public String state() {
    String begun = "a rotation that " + by + " began at " + seconds(this.begun);
    return waits()
        ? begun
            + " keeps the old value valid"
            + report.retireAt().map(end -> " until " + seconds(end)).orElse("")
        : begun + " is not finished: its last step was " + step;
  }

  private static Instant seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS);
  }

  /** Returns why its names cannot be copied to another store now, with the command that ends it. */
  public String obstacle() {
    return "'"
        + report.name()
        + "': a rotation that "
        + by
        + " began on "
        + scheme
        + (waits()
            ? " waits for the end of its grace, "
                + report.retireAt().map(Object::toString).orElse("")
                + "; in another store its old value would stay valid. "
            : " is not finished; it could not finish in another store. ")
        + accepted;
  }
}
