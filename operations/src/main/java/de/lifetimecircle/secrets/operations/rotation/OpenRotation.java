package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretException;
import java.nio.file.Path;
import java.util.List;

/**
 * A rotation that is not finished, read from its journal without calling the backend. Immutable;
 * holds no value.
 *
 * @param report its state: the names that it changes, and until when the old value is valid
 * @param scheme the backend on which it was begun
 * @param by the person who began it
 * @param accepted a sentence with the commands that end it
 */
public record OpenRotation(RotationReport report, String scheme, String by, String accepted) {
  /**
   * Reads the journals of a folder; blocks for the file system.
   *
   * @return the rotations by their names in the store; none if the folder does not exist
   * @throws SecretException {@code CORRUPT} if a journal cannot be used, {@code CONFIGURATION} if
   *     the folder cannot be read
   */
  public static List<OpenRotation> in(Path folder) {
    return new JournalFolder(folder)
        .all().stream()
            .map(
                journal ->
                    new OpenRotation(
                        journal.report(
                            Rotations.waits(journal)
                                ? RotationReport.Outcome.WAITING
                                : RotationReport.Outcome.OPEN),
                        journal.scheme(),
                        journal.startedBy(),
                        accepted(journal)))
            .toList();
  }

  /** Returns the commands, for a person who has the inventory; the journal knows no path of it. */
  private static String accepted(RotationJournal journal) {
    return AcceptedCommands.of(
        journal,
        AcceptedCommands.NewValue.AS_RECORDED,
        way ->
            "'secrets "
                + way.words(journal.secret())
                + " --environment "
                + journal.environment()
                + "'");
  }

  /** Returns why its names cannot be copied to another store now, with the command that ends it. */
  public String obstacle() {
    boolean waits = report.outcome() == RotationReport.Outcome.WAITING;
    return "'"
        + report.name()
        + "': a rotation that "
        + by
        + " began on "
        + scheme
        + (waits
            ? " waits for the end of its grace, "
                + report.retireAt().map(Object::toString).orElse("")
                + "; in another store its old value would stay valid. "
            : " is not finished; nobody could finish it in another store. ")
        + accepted;
  }
}
