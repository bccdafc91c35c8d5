package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.operations.Inventory;
import de.lifetimecircle.secrets.operations.handover.Site;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which inventory is meant, and where its service runs. */
final class InventoryOptions {
  @Option(
      names = "--inventory",
      paramLabel = "FILE",
      description = "The inventory. Default: secrets.yaml.")
  @Nullable String inventory;

  @Option(
      names = "--environment",
      paramLabel = "NAME",
      description = "Which of its environments; needed where it has several.")
  String environment = "";

  Inventory read() {
    return Inventory.read(file());
  }

  /** The inventory where it lies, for what is kept beside it. */
  Site site() {
    return Site.read(file(), environment);
  }

  Path file() {
    return path(inventory == null ? Inventory.FILE : inventory);
  }

  boolean given() {
    return inventory != null || !environment.isEmpty();
  }

  static Path path(String file) {
    try {
      return Path.of(file);
    } catch (InvalidPathException e) {
      throw CommandFailure.usage("Cannot use the inventory's name: not a path of this system.");
    }
  }
}
