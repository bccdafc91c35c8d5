package de.lifetimecircle.secrets.cli.inventory;

import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.operations.inventory.SecretInEnvironment;
import java.util.Optional;
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

  /** Returns the secret of the inventory; see {@link InventoryOptions#find}. */
  public Optional<SecretInEnvironment> find(CommandSession session) {
    return inventory.find(session, typed);
  }
}
