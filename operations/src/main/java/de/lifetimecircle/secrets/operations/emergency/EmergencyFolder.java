package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.journal.NameLock;
import de.lifetimecircle.secrets.operations.journal.RecordFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The folder of open emergencies: that of the rotation journals, so that whoever can resume one can
 * resume the other. Blocks for the file system.
 */
final class EmergencyFolder {
  private static final String PREFIX = "emergency-";
  private static final char SLASH = '~';

  /** No name is cut, because {@link #open} reads names from files. */
  private static final int LONGEST = Integer.MAX_VALUE;

  private final RecordFolder<EmergencyJournal> journals;

  EmergencyFolder(Path folder) {
    this.journals =
        new RecordFolder<>(folder, PREFIX, SLASH, ".json", LONGEST, EmergencyJournal.FORM);
  }

  Path folder() {
    return journals.folder();
  }

  /** Returns the names in the store with an open emergency, sorted. */
  List<String> open() {
    return journals.files().stream()
        .flatMap(file -> journals.name(file).stream())
        .sorted()
        .toList();
  }

  /** Returns whether a process is working on the emergency of a name; does not disturb it. */
  boolean isRunning(String stored) {
    return NameLock.isHeld(lockFile(stored));
  }

  /**
   * Reads the journal of an open emergency.
   *
   * @param restart the command that sets an unusable journal aside and starts over
   */
  Optional<EmergencyJournal> read(String stored, String restart) {
    Path file = journals.file(stored);
    try {
      return journals.read(file);
    } catch (IllegalArgumentException e) {
      throw SecretException.of(SecretException.Kind.CORRUPT, "resume the emergency of")
          .name(stored)
          .reason(
              "its journal " + file + " was edited, or written by another version of this program")
          .advice(
              "Run '"
                  + restart
                  + "': it keeps the file aside and starts at the first step, which is safe")
          .cause(e)
          .build();
    }
  }

  void write(String stored, EmergencyJournal journal) {
    journals.write(stored, journal);
  }

  /** Renames the journal, if there is one, so that it is kept. */
  void setAside(String stored, String mark) {
    Optional<Path> unused = journals.setAside(stored, mark);
  }

  void delete(String stored) {
    journals.delete(stored);
  }

  /**
   * Locks the emergency of a name for this process.
   *
   * @throws SecretException {@code CONFLICT} if another process has the lock
   */
  NameLock lock(String stored) {
    Path locks = RecordFolder.makeLocks(folder());
    try {
      return NameLock.take(lockFile(stored))
          .orElseThrow(
              () ->
                  SecretException.of(SecretException.Kind.CONFLICT, "begin the emergency of")
                      .name(stored)
                      .reason("somebody else is running it at this moment")
                      .advice(
                          "Ask the emergency contact; the same command resumes it when they have"
                              + " stopped")
                      .build());
    } catch (IOException e) {
      throw RecordFolder.unusable("lock the emergency", locks, e);
    }
  }

  private Path lockFile(String stored) {
    return RecordFolder.locks(folder())
        .resolve(PREFIX + RecordFolder.fileName(stored, SLASH, LONGEST));
  }
}
