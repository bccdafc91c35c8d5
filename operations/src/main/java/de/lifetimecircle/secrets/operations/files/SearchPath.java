package de.lifetimecircle.secrets.operations.files;

import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The folders in which the system looks for a program.
 *
 * @param folders as in the variable {@code PATH}: an empty one is the working directory
 */
public record SearchPath(String folders) {
  /** Returns the first file of that name that fits; empty if there is none. */
  public Optional<Path> find(String program, Predicate<Path> fits) {
    for (String folder : folders.split(File.pathSeparator, -1)) {
      try {
        Path file = Path.of(folder.isEmpty() ? "." : folder, program);
        if (fits.test(file)) {
          return Optional.of(file);
        }
      } catch (InvalidPathException e) {
        // A folder that this system cannot name has no program for us.
      }
    }
    return Optional.empty();
  }
}
