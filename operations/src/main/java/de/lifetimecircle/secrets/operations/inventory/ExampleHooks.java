package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.SecretException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The programs that {@link InventoryText#example} names as hooks, for its owners to change: one
 * that changes a password in PostgreSQL, one that redeploys on ECS, one that ends sessions.
 * Stateless.
 */
public final class ExampleHooks {
  /** The usual name of their folder, beside the inventory. */
  public static final String FOLDER = "hooks";

  private static final List<String> NAMES = List.of("postgresql", "ecs-deploy", "end-sessions");

  private ExampleHooks() {}

  /** What became of one. */
  public enum Outcome {
    /** It was written. */
    CREATED,
    /** A file of that name was there, and stays as it is. */
    EXISTS
  }

  /**
   * Writes those that are not there yet, so that their owner can run them; blocks for the file
   * system.
   *
   * @return what became of each, by its name
   * @throws SecretException {@code CONFIGURATION} if the folder or a file cannot be written
   */
  public static Map<String, Outcome> write(Path folder) {
    Map<String, Outcome> outcomes = new LinkedHashMap<>();
    try {
      Files.createDirectories(folder);
      for (String name : NAMES) {
        outcomes.put(name, write(folder.resolve(name), name));
      }
    } catch (IOException e) {
      throw SecretException.of(SecretException.Kind.CONFIGURATION, "write the hooks")
          .name(folder.toString())
          .reason(e.getClass().getSimpleName())
          .advice("Check the folder and its rights")
          .cause(e)
          .build();
    }
    return outcomes;
  }

  private static Outcome write(Path file, String name) throws IOException {
    try (InputStream in = ExampleHooks.class.getResourceAsStream("hooks/" + name)) {
      Files.copy(Objects.requireNonNull(in, name), file);
    } catch (FileAlreadyExistsException e) {
      return Outcome.EXISTS;
    }
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view != null) {
      view.setPermissions(PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return Outcome.CREATED;
  }
}
