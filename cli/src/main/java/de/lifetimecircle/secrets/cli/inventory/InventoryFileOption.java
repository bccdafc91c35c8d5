package de.lifetimecircle.secrets.cli.inventory;

import picocli.CommandLine.Option;

/** The option of a command that works on no environment in particular. Not thread-safe. */
public final class InventoryFileOption implements InventoryOptions.Owner {
  private final InventoryOptions inventory = new InventoryOptions();

  @Option(
      names = "--inventory",
      paramLabel = "FILE",
      description = "The inventory. Default: secrets.yaml here or in a folder above.")
  void file(String file) {
    inventory.inventory = file;
  }

  @Override
  public InventoryOptions inventory() {
    return inventory;
  }
}
