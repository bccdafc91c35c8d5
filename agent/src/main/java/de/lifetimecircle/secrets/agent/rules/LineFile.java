package de.lifetimecircle.secrets.agent.rules;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.spi.FileFailure;
import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * A file of the agent that a person has written: a line is an entry of words, and {@code #} begins
 * a comment. Collects all mistakes, to report them at once. Used once, by one thread; blocks for
 * the file system.
 */
public final class LineFile {
  private final Path file;
  private final List<String> problems = new ArrayList<>();

  public LineFile(Path file) {
    this.file = file.toAbsolutePath();
  }

  public Path path() {
    return file;
  }

  /**
   * Reads the entries of a text in UTF-8, with or without the byte order mark that some editors
   * add, and reports all mistakes.
   *
   * @param action what the file is for, such as {@code use the rules of the agent}
   * @param entry takes the number and the words of a line
   * @throws SecretException {@code CONFIGURATION} with all mistakes: of the file, of its rights,
   *     and those that the entry has reported
   */
  public void read(String action, BiConsumer<Integer, List<String>> entry) {
    try {
      requireTrusted(file);
      String text = Files.readString(file);
      int number = 0;
      for (String line : (text.startsWith("\ufeff") ? text.substring(1) : text).lines().toList()) {
        number++;
        String content = line.replaceFirst("(^|\\s)#.*", "").strip();
        if (!content.isEmpty()) {
          entry.accept(number, List.of(content.split("\\s+")));
        }
      }
    } catch (IOException e) {
      problems.add(file + ": " + FileFailure.reason(e) + " (expected: a text in UTF-8)");
    }
    if (!problems.isEmpty()) {
      throw SecretException.of(SecretException.Kind.CONFIGURATION, action)
          .problems(problems)
          .build();
    }
  }

  /** Reports it if another user may change a file. */
  void requireTrusted(Path other) throws IOException {
    problems.addAll(TrustedPath.problems(other));
  }

  /** Reports a mistake in a line. */
  public void problem(int number, String text) {
    problems.add(file + ":" + number + ": " + text);
  }

  /** Reports a mistake in a line, with what would be right. */
  void problem(int number, String got, String expected) {
    problem(number, got + " (expected: " + expected + ")");
  }
}
