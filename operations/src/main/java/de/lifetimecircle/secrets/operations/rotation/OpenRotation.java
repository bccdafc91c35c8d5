package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.ShellWord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

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
    Path beside = folder.resolveSibling(Inventory.FILE);
    String option =
        beside.equals(Path.of(Inventory.FILE)) || !Files.exists(beside)
            ? ""
            : " --inventory " + ShellWord.of(beside.toString());
    return in(folder, words -> "'secrets " + words + option + "'");
  }

  /**
   * Reads the journals of an inventory, whose commands lead to it; see {@link #in(Path)}.
   *
   * @param inventory the inventory, which may have another folder of journals than the usual one
   */
  public static List<OpenRotation> in(Path folder, Inventory inventory) {
    String file =
        inventory.source().equals(Inventory.FILE)
            ? ""
            : " --inventory " + ShellWord.of(inventory.source());
    return in(folder, words -> "'" + inventory.storeCommand(words + file) + "'");
  }

  private static List<OpenRotation> in(Path folder, UnaryOperator<String> command) {
    return new JournalFolder(folder)
        .all(stored -> command.apply(RotateAction.ABANDON.confirmed(stored))).stream()
            .map(
                journal ->
                    new OpenRotation(
                        journal.report(),
                        journal.scheme(),
                        journal.startedBy(),
                        journal.accepted(
                            way ->
                                command.apply(
                                    way.words(journal.secret())
                                        + " --environment "
                                        + journal.environment()))))
            .toList();
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
            : " is not finished; it could not finish in another store. ")
        + accepted;
  }
}
