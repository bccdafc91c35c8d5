package de.lifetimecircle.secrets.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads the lines of a file that a person has written. Stateless. */
final class TextFile {
  private TextFile() {}

  /** Returns the lines of a text in UTF-8, without the byte order mark that some editors add. */
  static List<String> lines(Path file) throws IOException {
    String text = Files.readString(file);
    return (text.startsWith("\ufeff") ? text.substring(1) : text).lines().toList();
  }
}
