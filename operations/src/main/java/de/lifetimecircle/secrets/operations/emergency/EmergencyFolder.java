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
 *
 * @param files the journals
 */
record EmergencyFolder(RecordFolder<EmergencyJournal> files) {
  private static final String PREFIX = "emergency-";
  private static final char SLASH = '~';

  /** No name is cut, because {@link #open} reads names from files. */
  private static final int LONGEST = Integer.MAX_VALUE;

  EmergencyFolder(Path folder) {
    this(new RecordFolder<>(folder, PREFIX, SLASH, ".json", LONGEST, EmergencyJournal.FORM));
  }

  /** Returns the names in the store with an open emergency, sorted. */
  List<String> open() {
    return files.files().stream().flatMap(file -> files.name(file).stream()).sorted().toList();
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
    Path file = files.file(stored);
    try {
      return files.read(file);
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

  /**
   * Locks the emergency of a name for this process.
   *
   * @throws SecretException {@code CONFLICT} if another process has the lock
   */
  NameLock lock(String stored) {
    Path locks = RecordFolder.makeLocks(files.folder());
    try {
      return NameLock.take(lockFile(stored))
          .orElseThrow(
              () ->
                  SecretException.of(SecretException.Kind.CONFLICT, "begin the emergency of")
                      .name(stored)
                      .reason("another process is running it at this moment")
                      .advice(
                          "Ask the emergency contact; the same command resumes it when they have"
                              + " stopped")
                      .build());
    } catch (IOException e) {
      throw RecordFolder.unusable("lock the emergency", locks, e);
    }
  }

  private Path lockFile(String stored) {
    return RecordFolder.locks(files.folder())
        .resolve(PREFIX + RecordFolder.fileName(stored, SLASH, LONGEST));
  }
}
