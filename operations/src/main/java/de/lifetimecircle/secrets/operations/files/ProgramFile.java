package de.lifetimecircle.secrets.operations.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Reads the files that the program itself has. Stateless. */
public final class ProgramFile {
  private ProgramFile() {}

  /**
   * Returns the text of a file in the package of a class, or elsewhere if it begins with a slash.
   */
  public static String text(Class<?> beside, String name) {
    try (InputStream file = Objects.requireNonNull(beside.getResourceAsStream(name), name)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + name + " of this program", e);
    }
  }
}
