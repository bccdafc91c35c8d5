package de.lifetimecircle.secrets.cli.inventory;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.operations.inventory.InventoryNames;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The question whether a new name is meant, for every command that makes names. A mistyped name
 * would be stored in silence, and the service would keep the old value or find none. The option
 * {@code --plain} of these commands, for work beside the inventory, is also the answer yes.
 * Stateless; blocks for the store.
 */
public final class NewNames {
  private NewNames() {}

  /**
   * Asks about the names that the store lacks and that resemble one of the inventory.
   *
   * @param stored names in the store that the inventory does not have
   * @throws CommandFailure if the answer is no, or there is no person to ask
   */
  public static void confirm(
      CommandSession session, InventoryOptions inventory, Collection<String> stored) {
    if (!inventory.inReach()) {
      return;
    }
    InventoryNames known = inventory.names();
    Map<String, String> meant = new LinkedHashMap<>();
    stored.forEach(name -> known.resembled(name).ifPresent(near -> meant.put(name, near)));
    if (meant.isEmpty()) {
      return; // the usual case, without a call to the store
    }
    try (SecretProvider provider = session.openStore()) {
      meant.keySet().removeIf(name -> !isNew(provider, name));
    }
    if (meant.isEmpty()) {
      return;
    }
    String names = meant.keySet().stream().map(NewNames::quoted).collect(Collectors.joining(", "));
    String near =
        meant.values().stream().distinct().map(NewNames::quoted).collect(Collectors.joining(", "));
    if (session.terminal.inputIsTerminal()) {
      session.confirm("The inventory has " + near + ". Store " + names + " as well?");
      return;
    }
    throw CommandFailure.usage(
        "Cannot store "
            + names
            + ": neither the inventory nor the store has it, and the inventory has "
            + near
            + ". Correct the name, or add --plain if you mean a new one.");
  }

  private static String quoted(String name) {
    return "'" + name + "'";
  }

  /** Whoever may not read it cannot know; any other failure is for the write to report. */
  private static boolean isNew(SecretProvider provider, String name) {
    try {
      return provider.find(name).isEmpty();
    } catch (SecretException e) {
      return e.kind() == Kind.ACCESS_DENIED;
    }
  }
}
