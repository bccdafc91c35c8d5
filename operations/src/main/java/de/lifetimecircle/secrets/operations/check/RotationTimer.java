package de.lifetimecircle.secrets.operations.check;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.files.RepositoryFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

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
    return RepositoryFile.in(
            workflows, "*.yml", "read the workflows", "Check the folder and its permissions")
        .stream()
        .filter(Files::isRegularFile)
        .filter(
            file ->
                RepositoryFile.read(file, "the workflow")
                    .filter(SCHEDULE.asPredicate())
                    .isPresent())
        .map(file -> String.valueOf(file.getFileName()))
        .findFirst();
  }
}
