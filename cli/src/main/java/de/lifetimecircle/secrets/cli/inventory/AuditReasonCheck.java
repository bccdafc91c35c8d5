package de.lifetimecircle.secrets.cli.inventory;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.cli.console.CodingAgent;
import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.operations.inventory.StoreSettings;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The rule of an inventory that people say why they do something: {@code audit: {reason:
 * required}}, or {@code agents} for coding agents alone. It holds for commands that show, hand out
 * or change a value, with the inventory in reach. It is a rule for a team, not a right: whoever may
 * read the store can read it without this program. Stateless; blocks for the file system.
 */
public final class AuditReasonCheck {
  /** Most inventories do not mention it, and need not be parsed for every {@code get}. */
  private static final Pattern MENTION = Pattern.compile("\\breason\\b");

  private AuditReasonCheck() {}

  /**
   * Gives a command that says enough by itself, such as {@code emergency}, its own name as the
   * reason.
   *
   * @param words the command and its subcommand; empty for none
   * @param inventory the inventory of the command, or the one in reach
   */
  public static void useName(
      CommandSession session, List<String> words, InventoryOptions inventory) {
    if (!words.isEmpty() && session.reason.isBlank() && isDemanded(session, inventory)) {
      session.reason = "secrets " + String.join(" ", words);
    }
  }

  /**
   * Checks a command for which a person has to give the reason, before it runs.
   *
   * @param words the command and its subcommand
   * @param inventory the inventory of the command, or the one in reach
   * @throws CommandFailure if the inventory demands a reason and there is none
   */
  public static void require(
      CommandSession session, List<String> words, InventoryOptions inventory) {
    if (!session.reason.isBlank() || !isDemanded(session, inventory) || isConfigured(session)) {
      return;
    }
    throw CommandFailure.usage(
        "Cannot run 'secrets "
            + String.join(" ", words)
            + "': the inventory demands a reason for the audit log (audit: reason). Add"
            + " --reason TEXT, such as --reason 'ticket 4711'; a script can set"
            + " SECRETS_AUDIT_REASON.");
  }

  /** A mistake elsewhere in the inventory does not switch the rule off. */
  private static boolean isDemanded(CommandSession session, InventoryOptions inventory) {
    try {
      if (!inventory.inReach() || !MENTION.matcher(inventory.text()).find()) {
        return false;
      }
    } catch (SecretException e) {
      return false; // the command itself reports why the file cannot be read, or needs none
    }
    try {
      return switch (inventory.read().audit().reason()) {
        case OPTIONAL -> false;
        case AGENTS -> CodingAgent.marker(session.environment).isPresent();
        case REQUIRED -> true;
      };
    } catch (SecretException e) {
      return true;
    }
  }

  /** A script has its reason in the environment or in the configuration. */
  private static boolean isConfigured(CommandSession session) {
    try (SecretProvider provider = session.openToReport()) {
      return !StoreSettings.value(provider, "audit.reason").isBlank();
    } catch (SecretException e) {
      return true; // the command reports what is wrong with the configuration
    }
  }
}
