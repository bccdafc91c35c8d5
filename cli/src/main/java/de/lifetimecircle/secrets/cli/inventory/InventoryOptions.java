package de.lifetimecircle.secrets.cli.inventory;

import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.operations.documents.InventoryLocation;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which inventory is meant, and where its service runs. */
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
      description = "Which of its environments; needed where it has several.")
  public String environment = "";

  /** Reads the inventory. */
  public Inventory read() {
    return Inventory.read(file());
  }

  /** The inventory where it lies, for what is kept beside it. */
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
   * @throws CommandFailure if this system has no such paths
   */
  public static Path path(String file) {
    try {
      return Path.of(file);
    } catch (InvalidPathException e) {
      throw CommandFailure.usage("Cannot use the inventory's name: not a path of this system.");
    }
  }
}
