package de.lifetimecircle.secrets.operations.journal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Journals, logs and claims as the program wrote them on 2026-11-30; users keep such files. */
public final class EarlierFiles {
  private EarlierFiles() {}

  /** Copies a file into a folder, which it makes, and returns the copy. */
  public static Path copy(String name, Path folder) {
    try (InputStream in = EarlierFiles.class.getResourceAsStream(name)) {
      Files.createDirectories(folder);
      Path copy = folder.resolve(name);
      Files.write(copy, in.readAllBytes());
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
