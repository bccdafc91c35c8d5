package de.lifetimecircle.secrets.operations.journal;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.files.AtomicFile;
import de.lifetimecircle.secrets.operations.files.RepositoryFile;
import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A folder with a journal for each name whose operation is not finished. Several people may share
 * it, so its files have the usual permissions. Immutable; blocks for the file system.
 *
 * @param folder the folder
 * @param prefix the beginning of the name of a file
 * @param slash the character of a file's name for the slash of a secret's name, which has none
 * @param suffix the end of the name of a file
 * @param longest the length of a name that is cut and gets a digest; file systems allow 255 bytes
 * @param form the form of a file
 */
public record RecordFolder<T extends Record>(
    Path folder, String prefix, char slash, String suffix, int longest, JsonFile<T> form) {
  private static final String LOCKS = "locks";
  private static final String ADVICE =
      "Check the folder, its permissions and the space on its disk, or name another --journal";

  /** Returns the journal of a name. */
  public Path file(String name) {
    return folder.resolve(prefix + fileName(name, slash, longest) + suffix);
  }

  /** Returns the part of a file's name for a secret's name. */
  public static String fileName(String name, char slash, int longest) {
    String plain = name.replace('/', slash);
    return plain.length() <= longest
        ? plain
        : plain.substring(0, longest) + "." + RecordMapping.digest(name);
  }

  /** Returns the journals, sorted by their files; none if there is no folder. */
  public List<Path> files() {
    return RepositoryFile.in(folder, prefix + "*" + suffix, "look for journals", ADVICE);
  }

  /** Returns the name of a secret whose journal a file is; empty if it was too long for it. */
  public Optional<String> name(Path file) {
    String whole = String.valueOf(file.getFileName());
    String name = whole.substring(prefix.length(), whole.length() - suffix.length());
    return name.length() > longest ? Optional.empty() : Optional.of(name.replace(slash, '/'));
  }

  /**
   * Reads a journal.
   *
   * @throws IllegalArgumentException if it was edited, damaged or written by another version
   * @throws SecretException {@code CONFIGURATION} if the file cannot be read
   */
  public Optional<T> read(Path file) {
    try {
      return Optional.of(form.read(Files.readString(file)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw unusable("read " + form.what(), file, e);
    }
  }

  /** Writes the journal of a name. */
  public void write(String name, T content) {
    Path file = file(name);
    try {
      AtomicFile.write(file, form.write(content), AtomicFile.Readers.USUAL);
    } catch (IOException e) {
      throw unusable("write " + form.what(), file, e);
    }
  }

  /** Removes the journal of a name. */
  public void delete(String name) {
    Path file = file(name);
    try {
      AtomicFile.delete(file);
    } catch (IOException e) {
      throw unusable("remove " + form.what(), file, e);
    }
  }

  /**
   * Renames the journal of a name, so that it is kept; returns its new name if there is one. The
   * ending gets a number if an earlier journal has it.
   */
  public Optional<Path> setAside(String name, String ending) {
    Path file = file(name);
    Path aside = file.resolveSibling(file.getFileName() + "." + ending);
    for (int number = 2; Files.exists(aside); number++) {
      aside = file.resolveSibling(file.getFileName() + "." + ending + "-" + number);
    }
    try {
      return Optional.of(Files.move(file, aside));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw unusable("set aside " + form.what(), file, e);
    }
  }

  /** Makes the folder of the locks, which git must not commit, and returns it. */
  public static Path makeLocks(Path folder) {
    Path locks = folder.resolve(LOCKS);
    Path ignored = locks.resolve(".gitignore");
    try {
      TrustedPath.requireNoForeignLink(ignored);
      Files.createDirectories(locks);
      if (!Files.exists(ignored)) {
        Files.writeString(ignored, "*\n");
      }
    } catch (IOException e) {
      throw unusable("make the folder of the journals", folder, e);
    }
    return locks;
  }

  /** Returns the folder of the locks, whether it exists yet or not. */
  public static Path locks(Path folder) {
    return folder.resolve(LOCKS);
  }

  /** Reports a file of the folder that cannot be used. */
  public static SecretException unusable(String action, Path file, IOException e) {
    return AtomicFile.failure(action, file, e, ADVICE);
  }
}
