package de.lifetimecircle.secrets.cli.inventory;

import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that select an inventory and one of its environments. */
public final class InventoryOptions {
  @Option(
      names = "--inventory",
      paramLabel = "FILE",
      description = "The inventory. Default: secrets.yaml.")
  @Nullable
  public String inventory;

  @Option(
      names = "--environment",
      paramLabel = "NAME",
      description = "The environment of the inventory; required if it has several.")
  public String environment = "";

  /** Reads the inventory. */
  public Inventory read() {
    return Inventory.read(file());
  }

  /** Reads the inventory together with its location, for the files that are kept beside it. */
  public InventoryLocation site() {
    return InventoryLocation.read(file(), environment);
  }

  /** Returns the path of the inventory file. */
  public Path file() {
    return path(inventory == null ? Inventory.FILE : inventory);
  }

  /** Returns whether one of the options was given. */
  public boolean given() {
    return inventory != null || !environment.isEmpty();
  }

  /**
   * Returns the path that an option names.
   *
   * @throws CommandFailure if the text is not a valid path on this system
   */
  public static Path path(String file) {
    try {
      return Path.of(file);
    } catch (InvalidPathException e) {
      throw CommandFailure.usage(
          "Cannot use the name of the file or folder: it is not a valid path.");
    }
  }
}
