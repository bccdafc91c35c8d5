package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.files.AtomicFile;
import de.lifetimecircle.secrets.spi.FileFailure;
import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
  private static final String SUFFIX = ".rotation.json";

  /** File systems allow 255 bytes for a name; a longer one is cut and gets a digest. */
  private static final int LONGEST = 180;

  private final Path folder;

  JournalFolder(Path folder) {
    this.folder = folder;
  }

  Path path() {
    return folder;
  }

  /** Returns the file of a name. Names have no dot, so no two names share a file. */
  Path file(String stored) {
    return folder.resolve(fileName(stored) + SUFFIX);
  }

  /** Returns the name that a file is of; a placeholder if the file has only a part of it. */
  private static String stored(Path file) {
    String name = String.valueOf(file.getFileName());
    String begin = name.substring(0, name.length() - SUFFIX.length());
    return begin.length() > LONGEST ? "NAME" : begin.replace('.', '/');
  }

  private static String fileName(String stored) {
    String name = stored.replace('/', '.');
    return name.length() <= LONGEST
        ? name
        : name.substring(0, LONGEST) + "." + RotationJournal.sum(stored);
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

  private static Optional<RotationJournal> read(Path file, String abandon) {
    try {
      return Optional.of(RotationJournal.read(Files.readString(file)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw unusable("read the journal", file, e);
    } catch (RuntimeException e) {
      // A journal with a correct sum is complete, so any other failure means an edit too.
      String why = e instanceof IllegalArgumentException ? e.getMessage() : "its parts do not fit";
      throw SecretException.of(SecretException.Kind.CORRUPT, "use the journal of a rotation")
          .name(file.toString())
          .reason(String.valueOf(why))
          .advice(
              "Restore the file as this program wrote it, or abandon the rotation with "
                  + abandon
                  + ", which keeps the file aside and promotes nothing")
          .cause(e)
          .build();
    }
  }

  void write(RotationJournal journal) {
    Path file = file(journal.stored());
    try {
      AtomicFile.write(file, journal.write(), AtomicFile.Readers.USUAL);
    } catch (IOException e) {
      throw unusable("write the journal", file, e);
    }
  }

  void delete(String stored) {
    Path file = file(stored);
    try {
      AtomicFile.delete(file);
    } catch (IOException e) {
      throw unusable("remove the journal", file, e);
    }
  }

  /**
   * Returns every journal of the folder.
   *
   * @param abandon makes the command that sets the journal of a name aside, in quotes
   */
  List<RotationJournal> all(UnaryOperator<String> abandon) {
    List<RotationJournal> all = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path file : files) {
        read(file, abandon.apply(stored(file))).ifPresent(all::add);
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw unusable("read the journals", folder, e);
    }
    all.sort(Comparator.comparing(RotationJournal::stored));
    return all;
  }

  /** Renames a journal that cannot be used here, and returns its new name. */
  Path setAside(String stored, String ending) {
    Path file = file(stored);
    Path aside = file.resolveSibling(file.getFileName() + "." + ending);
    try {
      return Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw unusable("set the journal aside", file, e);
    }
  }

  /**
   * Opens the locks of this process, so that no two processes rotate one name at the same time.
   *
   * @param action what needs them, for the message of a refusal
   * @param reserved locks that the caller keeps; null if it has none
   * @throws SecretException {@code CONFIGURATION} if the folder cannot be made
   */
  NameLocks lock(String who, String action, @Nullable NameLocks reserved) {
    try {
      Path locks = folder.resolve("locks");
      Path ignored = locks.resolve(".gitignore");
      TrustedPath.requireNoForeignLink(ignored);
      Files.createDirectories(locks);
      if (!Files.exists(ignored)) {
        Files.writeString(ignored, "*\n"); // git must not commit locks
      }
      return new NameLocks(locks, who, action, reserved);
    } catch (IOException e) {
      throw unusable("make the folder of the journals", folder, e);
    }
  }

  /** Returns the record of the hook that runs for a name. */
  RunningHook runningHook(String stored) {
    return RunningHook.in(folder.resolve("locks"), stored);
  }

  static String lockName(String stored) {
    return fileName(stored);
  }

  static SecretException unusable(String action, Path file, IOException e) {
    return SecretException.of(SecretException.Kind.CONFIGURATION, action)
        .name(file.toString())
        .reason(FileFailure.reason(e))
        .advice(
            "Check the folder, its permissions and the space on its disk, or name another"
                + " --journal")
        .cause(e)
        .build();
  }
}
