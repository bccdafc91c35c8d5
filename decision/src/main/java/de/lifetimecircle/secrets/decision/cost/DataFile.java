package de.lifetimecircle.secrets.decision.cost;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A file that the team edits, or the one that the program has for a team that has none. Immutable.
 *
 * @param name for messages
 * @param lines of the file
 */
public record DataFile(String name, List<String> lines) {
  /**
   * Reads a file.
   *
   * @param what it holds, for messages
   * @throws IllegalArgumentException if it cannot be read, in one sentence
   */
  public static DataFile read(Path file, String what) {
    String cannot = "Cannot read " + what + " from " + file + ": ";
    try {
      return new DataFile(file.toString(), Files.readAllLines(file));
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(cannot + "no such file", e);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(cannot + "not UTF-8", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(cannot + e, e);
    }
  }

  /**
   * Reads the file that an option names, or else the one that the program has.
   *
   * @param option the value of the option; empty if it was not given
   * @param what it holds, for messages
   * @param shipped the name of the program's own file
   * @throws IllegalArgumentException if it cannot be read, in one sentence
   */
  public static DataFile of(String option, String what, String shipped) {
    return option.isEmpty() ? shipped(shipped) : read(Path.of(option), what);
  }

  private static DataFile shipped(String name) {
    String resource = "/de/lifetimecircle/secrets/decision/" + name;
    try (InputStream file =
        Objects.requireNonNull(DataFile.class.getResourceAsStream(resource), resource)) {
      return new DataFile(
          name, new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + name + " of this program", e);
    }
  }

  /** Returns the whole file. */
  public String text() {
    return String.join("\n", lines) + "\n";
  }
}
