package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.files.AtomicFile;
import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Writes the programs that {@link InventoryText#example} names as hooks, for their owners to
 * change: one changes a password in PostgreSQL, one redeploys on ECS, one ends sessions. Stateless.
 */
public final class ExampleHooks {
  /** The usual name of their folder, beside the inventory. */
  public static final String FOLDER = "hooks";

  private static final List<String> NAMES = List.of("postgresql", "ecs-deploy", "end-sessions");

  private ExampleHooks() {}

  /** The outcome for one hook. */
  public enum Outcome {
    /** The hook was written. */
    CREATED,
    /** A file of that name exists and is unchanged. */
    EXISTS
  }

  /** Returns the command that writes the hooks beside an inventory, which has that path. */
  public static String writing(String inventory) {
    String place = inventory.substring(0, inventory.lastIndexOf('/') + 1) + FOLDER;
    return "secrets init --hooks" + (place.equals(FOLDER) ? "" : " " + ShellWord.of(place));
  }

  /** Returns whether a program of the inventory is one of them, in their usual folder. */
  public static boolean isOne(String program) {
    return NAMES.stream().anyMatch(name -> program.equals("./" + FOLDER + "/" + name));
  }

  /**
   * Writes the hooks that do not exist yet, executable for their owner; blocks for the file system.
   *
   * @return the outcome for each hook, by its name
   * @throws SecretException {@code CONFIGURATION} if the folder or a file cannot be written
   */
  public static Map<String, Outcome> write(Path folder) {
    Map<String, Outcome> outcomes = new LinkedHashMap<>();
    try {
      TrustedPath.requireNoForeignLink(folder);
      Files.createDirectories(folder);
      for (String name : NAMES) {
        outcomes.put(name, write(folder.resolve(name), name));
      }
    } catch (IOException e) {
      throw AtomicFile.failure("write the hooks", folder, e, "Check the folder and its rights");
    }
    return outcomes;
  }

  private static Outcome write(Path file, String name) throws IOException {
    try (InputStream in = ExampleHooks.class.getResourceAsStream("hooks/" + name)) {
      Files.copy(Objects.requireNonNull(in, name), file);
    } catch (FileAlreadyExistsException e) {
      return Outcome.EXISTS;
    }
    AtomicFile.makeExecutable(file);
    return Outcome.CREATED;
  }
}
