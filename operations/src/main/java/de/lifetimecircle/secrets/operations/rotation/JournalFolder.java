package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.journal.RecordFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * The folder of the journals: a file for each rotation that is not finished, the log, and the
 * locks. Blocks for the file system.
 *
 * @param files the journals
 */
record JournalFolder(RecordFolder<RotationJournal> files) {
  /** Names have no dot, so no two names share a file. */
  private static final char SLASH = '.';

  private static final int LONGEST = 180;

  JournalFolder(Path folder) {
    this(new RecordFolder<>(folder, "", SLASH, ".rotation.json", LONGEST, RotationJournal.FORM));
  }

  Path path() {
    return files.folder();
  }

  /**
   * Returns the unfinished rotation of a name.
   *
   * @param abandon the command that sets an unusable journal aside, in quotes
   * @throws SecretException {@code CORRUPT} if its journal was edited, damaged or written by
   *     another version
   */
  Optional<RotationJournal> read(String stored, String abandon) {
    return read(files.file(stored), abandon);
  }

  private Optional<RotationJournal> read(Path file, String abandon) {
    try {
      return files.read(file);
    } catch (IllegalArgumentException e) {
      throw SecretException.of(SecretException.Kind.CORRUPT, "use the journal of a rotation")
          .name(file.toString())
          .reason(String.valueOf(e.getMessage()))
          .advice(
              "Restore the file as this program wrote it. If it is lost and no hook of the rotation"
                  + " runs on any machine, abandon the rotation with "
                  + abandon
                  + ", which keeps the file aside and promotes nothing")
          .cause(e)
          .build();
    }
  }

  /**
   * Returns every journal of the folder.
   *
   * @param abandon makes the command that sets the journal of a name aside, in quotes
   */
  List<RotationJournal> all(UnaryOperator<String> abandon) {
    return all(
        abandon,
        (name, failure) -> {
          throw failure;
        });
  }

  /**
   * Returns every journal that can be used.
   *
   * @param damaged takes the failure of each other one, with the name of its secret in the store
   */
  List<RotationJournal> all(
      UnaryOperator<String> abandon, BiConsumer<String, SecretException> damaged) {
    List<RotationJournal> all = new ArrayList<>();
    for (Path file : files.files()) {
      String name = files.name(file).orElse("NAME");
      try {
        read(file, abandon.apply(name)).ifPresent(all::add);
      } catch (SecretException e) {
        damaged.accept(name, e);
      }
    }
    all.sort(Comparator.comparing(RotationJournal::stored));
    return all;
  }

  static String lockName(String stored) {
    return RecordFolder.fileName(stored, SLASH, LONGEST);
  }
}
