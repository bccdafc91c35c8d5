package de.lifetimecircle.secrets.operations.files;

import de.lifetimecircle.secrets.SecretException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads and writes files of a service's repository, completely or not at all. Stateless; blocks for
 * the file system.
 */
public final class RepositoryFile {
  private RepositoryFile() {}

  /** Returns the root of the repository of git around a folder; empty if it is in none. */
  public static Optional<Path> root(Path folder) {
    for (Path at = folder; at != null; at = at.getParent()) {
      if (Files.exists(at.resolve(".git"))) { // a folder, or the file of a worktree
        return Optional.of(at);
      }
    }
    return Optional.empty();
  }

  /**
   * Writes or replaces a text in UTF-8; makes missing folders.
   *
   * @param what the words for the file in a message
   * @throws SecretException {@code CONFIGURATION} if it cannot be written; an old file is unchanged
   */
  public static void write(Path file, String text, String what) {
    try {
      AtomicFile.writeInFolder(file, text);
    } catch (IOException e) {
      throw failed("write " + what, file, e);
    }
  }

  /**
   * Adds a text in UTF-8 to the end of a file and forces it to disk; makes missing folders.
   *
   * @param what the words for the file in a message
   * @throws SecretException {@code CONFIGURATION} if it cannot be written
   */
  public static void append(Path file, String text, String what) {
    try (FileChannel channel =
        FileChannel.open(
            AtomicFile.withFolder(file), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      AtomicFile.writeAll(channel, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw failed("write " + what, file, e);
    }
  }

  /**
   * Reads a text in UTF-8; empty if there is no such file.
   *
   * @param what the words for the file in a message
   * @throws SecretException {@code CONFIGURATION} if it cannot be read
   */
  public static Optional<String> read(Path file, String what) {
    try {
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed("read " + what, file, e);
    }
  }

  /**
   * Returns the files of a folder whose names match a pattern, sorted; none without the folder.
   *
   * @param glob the pattern, such as {@code *.md}
   * @param action what fails without them, in words for a message
   * @param advice what a person should check
   * @throws SecretException {@code CONFIGURATION} if the folder cannot be read
   */
  public static List<Path> in(Path folder, String glob, String action, String advice) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
      files.forEach(found::add);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw AtomicFile.failure(action, folder, Objects.requireNonNull(e.getCause()), advice);
    } catch (IOException e) {
      throw AtomicFile.failure(action, folder, e, advice);
    }
    Collections.sort(found);
    return found;
  }

  private static SecretException failed(String action, Path file, IOException e) {
    return AtomicFile.failure(
        action,
        file,
        e,
        "Check the folder, its rights and the space on its disk; nothing was changed");
  }
}
