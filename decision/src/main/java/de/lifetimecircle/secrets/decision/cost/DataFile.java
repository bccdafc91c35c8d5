package de.lifetimecircle.secrets.decision.cost;

import de.lifetimecircle.secrets.operations.files.ProgramFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

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
    String place = "/de/lifetimecircle/secrets/decision/" + name;
    return new DataFile(name, ProgramFile.text(DataFile.class, place).lines().toList());
  }

  /**
   * Hands on the key and the value of each line that is not empty or a comment; the key of a line
   * without {@code =} is empty.
   *
   * @throws IllegalArgumentException what the reader found wrong, with the number of the line
   */
  public void read(BiConsumer<String, String> reader) {
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        int equals = Math.max(0, line.indexOf('='));
        check(
            name + " line " + (i + 1),
            () ->
                reader.accept(
                    line.substring(0, equals).strip(), line.substring(equals + 1).strip()));
      }
    }
  }

  /**
   * Returns the result of a step.
   *
   * @throws IllegalArgumentException what the step found wrong, after its place
   */
  public static <T> T at(String place, Supplier<T> step) {
    try {
      return step.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place + ": " + e.getMessage(), e);
    }
  }

  /** Does the same for a step that returns nothing. */
  public static void check(String place, Runnable step) {
    try {
      step.run();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place + ": " + e.getMessage(), e);
    }
  }

  /**
   * Splits a value of four or five cells, the last of which are a source and its German form.
   *
   * @param expected the form of the line, for the message
   * @throws IllegalArgumentException if it has more or less of them, or an empty one
   */
  public static List<String> cells(String value, String expected) {
    List<String> cells = Arrays.stream(value.split("\\|", -1)).map(String::strip).toList();
    if (cells.size() < 4 || cells.size() > 5 || cells.contains("")) {
      throw new IllegalArgumentException("expected: " + expected);
    }
    return cells;
  }

  /** Returns the whole file. */
  public String text() {
    return String.join("\n", lines) + "\n";
  }
}
