package de.lifetimecircle.secrets.cli.inventory;

import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.operations.inventory.ResolvedName;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The secret that a command works on, by either of its names. Not thread-safe. */
public final class SecretArgument {
  @Parameters(
      paramLabel = "NAME",
      description = "The name of the secret; with an inventory also without prefix.")
  public String typed = "";

  @Mixin public final InventoryOptions inventory = new InventoryOptions();

  /** Returns the name in the store; see {@link InventoryOptions#stored}. */
  public String stored(CommandSession session) {
    return inventory.stored(session, typed);
  }

  /** Returns the name in the store; see {@link InventoryOptions#storedForRemoval}. */
  public String storedForRemoval(CommandSession session) {
    return inventory.storedForRemoval(session, typed);
  }

  /** Returns what the name means; see {@link InventoryOptions#select}. */
  public ResolvedName select(CommandSession session) {
    return inventory.select(session, typed);
  }
}
