package de.lifetimecircle.secrets.operations.check;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.files.AtomicFile;
import de.lifetimecircle.secrets.operations.files.RepositoryFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds the workflow in a repository that runs the rotations by the clock. Timers of other machines
 * are invisible to a program. Stateless; blocks for the file system.
 */
public final class RotationTimer {
  /** A comment runs nothing. */
  private static final Pattern SCHEDULE =
      Pattern.compile("(?s)\\n\\s+schedule:.*\\n[^#\\n]*secrets\\S* rotate due");

  private RotationTimer() {}

  /**
   * Returns the name of the first workflow of this kind beside that of the deployment; empty if
   * there is none.
   *
   * @throws SecretException {@code CONFIGURATION} if the workflows cannot be read
   */
  public static Optional<String> in(InventoryLocation site) {
    Path workflows = site.path(InventoryLocation.ProjectFile.WORKFLOW).resolveSibling(".");
    try (Stream<Path> files = Files.list(workflows)) {
      for (Path file : files.sorted().toList()) {
        Optional<String> text =
            Files.isRegularFile(file) && file.toString().endsWith(".yml")
                ? RepositoryFile.read(file, "the workflow")
                : Optional.empty();
        if (text.filter(SCHEDULE.asPredicate()).isPresent()) {
          return Optional.of(String.valueOf(file.getFileName()));
        }
      }
      return Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty(); // no workflows, so no schedule among them
    } catch (IOException e) {
      throw AtomicFile.failure(
          "read the workflows", workflows, e, "Check the folder and its permissions");
    }
  }
}
