package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.journal.RecordFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The folder of the journals: a file for each rotation that is not finished, the log, and the
 * locks. Blocks for the file system.
 */
final class JournalFolder {
  private static final char SLASH = '.';
  private static final int LONGEST = 180;

  private final RecordFolder<RotationJournal> journals;

  JournalFolder(Path folder) {
    this.journals =
        new RecordFolder<>(folder, "", SLASH, ".rotation.json", LONGEST, RotationJournal.FORM);
  }

  Path path() {
    return journals.folder();
  }

  /** Returns the file of a name. Names have no dot, so no two names share a file. */
  Path file(String stored) {
    return journals.file(stored);
  }

  /**
   * Returns the unfinished rotation of a name.
   *
   * @param abandon the command that sets an unusable journal aside, in quotes
   * @throws SecretException {@code CORRUPT} if its journal was edited, damaged or written by
   *     another version
   */
  Optional<RotationJournal> read(String stored, String abandon) {
    return read(file(stored), abandon);
  }

  private Optional<RotationJournal> read(Path file, String abandon) {
    try {
      return journals.read(file);
    } catch (IllegalArgumentException e) {
      throw SecretException.of(SecretException.Kind.CORRUPT, "use the journal of a rotation")
          .name(file.toString())
          .reason(String.valueOf(e.getMessage()))
          .advice(
              "Restore the file as this program wrote it, or abandon the rotation with "
                  + abandon
                  + ", which keeps the file aside and promotes nothing")
          .cause(e)
          .build();
    }
  }

  void write(RotationJournal journal) {
    journals.write(journal.stored(), journal);
  }

  void delete(String stored) {
    journals.delete(stored);
  }

  /**
   * Returns every journal of the folder.
   *
   * @param abandon makes the command that sets the journal of a name aside, in quotes
   */
  List<RotationJournal> all(UnaryOperator<String> abandon) {
    List<RotationJournal> all = new ArrayList<>();
    for (Path file : journals.files()) {
      read(file, abandon.apply(journals.name(file).orElse("NAME"))).ifPresent(all::add);
    }
    all.sort(Comparator.comparing(RotationJournal::stored));
    return all;
  }

  /** Renames a journal that cannot be used here, and returns its new name. */
  Path setAside(String stored, String ending) {
    return journals.setAside(stored, ending).orElseThrow();
  }

  /**
   * Opens the locks of this process, so that no two processes rotate one name at the same time.
   *
   * @param action what needs them, for the message of a refusal
   * @param reserved locks that the caller keeps; null if it has none
   * @throws SecretException {@code CONFIGURATION} if the folder cannot be made
   */
  NameLocks lock(String who, String action, @Nullable NameLocks reserved) {
    return new NameLocks(RecordFolder.makeLocks(path()), who, action, reserved);
  }

  /** Returns the record of the hook that runs for a name. */
  RunningHook runningHook(String stored) {
    return RunningHook.in(RecordFolder.locks(path()), stored);
  }

  static String lockName(String stored) {
    return RecordFolder.fileName(stored, SLASH, LONGEST);
  }
}
