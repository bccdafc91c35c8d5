package de.lifetimecircle.secrets.cli.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Who wrote which number of which name, and when, by {@link System#nanoTime}, which on Linux is one
 * clock for all processes of a machine. A file of lines, each written at once, so that a writer
 * that is killed takes none with it.
 */
final class ChaosLedger {
  private final Path file;

  /**
   * A write.
   *
   * @param begun the time before it
   * @param done the time after it; {@link Long#MAX_VALUE} if it failed or its process was killed,
   *     so that nobody knows whether it has happened
   */
  record Write(long begun, long done) {
    boolean isKnown() {
      return done != Long.MAX_VALUE;
    }
  }

  ChaosLedger(Path file) {
    this.file = file;
  }

  void begins(String name, int number) throws IOException {
    append("begins", name, number);
  }

  void done(String name, int number) throws IOException {
    append("done", name, number);
  }

  private void append(String what, String name, int number) throws IOException {
    String line = what + " " + name + " " + number + " " + System.nanoTime() + "\n";
    Path unused =
        Files.write(
            file,
            line.getBytes(StandardCharsets.UTF_8),
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
  }

  /** All writes so far, by name and number. */
  Map<String, NavigableMap<Integer, Write>> writes() throws IOException {
    Map<String, NavigableMap<Integer, Write>> all = new TreeMap<>();
    if (!Files.exists(file)) {
      return all;
    }
    String text = Files.readString(file);
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
      String[] part = line.split(" ", -1);
      NavigableMap<Integer, Write> ofName = all.computeIfAbsent(part[1], unused -> new TreeMap<>());
      int number = Integer.parseInt(part[2]);
      long at = Long.parseLong(part[3]);
      Write begun = ofName.get(number);
      ofName.put(
          number, begun == null ? new Write(at, Long.MAX_VALUE) : new Write(begun.begun(), at));
    }
    return all;
  }

  /** The value of a number, which says whose it is. */
  static String text(String name, int number) {
    return name + "=" + number;
  }

  /** The number that a value of this name has; -1 if it is none of this name. */
  static int number(String name, String text) {
    String rest = text.startsWith(name + "=") ? text.substring(name.length() + 1) : "";
    return rest.matches("[0-9]{1,9}") ? Integer.parseInt(rest) : -1;
  }
}
