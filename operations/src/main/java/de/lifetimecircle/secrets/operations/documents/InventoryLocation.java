package de.lifetimecircle.secrets.operations.documents;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * An inventory where it lies, with one of its environments: from there come the places of all files
 * that follow from it, and the commands as people type them. Immutable; does no I/O but in {@link
 * #read}.
 *
 * @param folder where the inventory lies; commands are for this folder
 * @param file the name of the inventory there
 * @param inventory what it says
 * @param environment the environment that is meant
 */
public record InventoryLocation(
    Path folder, String file, Inventory inventory, ServiceEnvironment environment) {
  /** What follows from an inventory and is kept in a file or a folder. */
  public enum Paper {
    /** Which backend was chosen, and why. */
    DECISION("docs/SECRETS_%s_DECISION.md"),
    /** The runbook. */
    RUNBOOK("docs/SECRETS_%s_RUNBOOK.md"),
    /** The folder of policies. */
    POLICIES("infra/secrets/%s"),
    /** Where the service takes its secrets. */
    SERVICE("server/main.py"),
    /** The workflow that deploys. */
    WORKFLOW(".github/workflows/deploy-%s.yml"),
    /** The folder of alert definitions. */
    ALERTS("infra/alerts/%s"),
    /** Who said when that something is done. */
    RECORDS("docs/SECRETS_%s_RECORDS.jsonl"),
    /** The folder of post-mortems. */
    POST_MORTEMS("docs/post-mortems");

    private final String usual;

    Paper(String usual) {
      this.usual = usual;
    }

    /** Its key in the inventory. */
    String key() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * Reads an inventory; blocks for the file system.
   *
   * @param environment its name; the empty text where the inventory has one only
   * @throws SecretException {@code CONFIGURATION} as {@link Inventory#read}, or if there is no such
   *     environment
   */
  public static InventoryLocation read(Path inventory, String environment) {
    Inventory read = Inventory.read(inventory);
    Path absolute = inventory.toAbsolutePath().normalize();
    Path folder = absolute.getParent();
    return new InventoryLocation(
        folder == null ? absolute : folder,
        String.valueOf(absolute.getFileName()),
        read,
        read.environment(environment));
  }

  /** The place of a file as the inventory says it, relative to its folder. */
  public String place(Paper paper) {
    String given = environment.files().get(paper.key());
    if (given != null) {
      return given;
    }
    // Documents shout, as the first one did; folders and workflows do not.
    String name = environment.name();
    return String.format(
        Locale.ROOT,
        paper.usual,
        paper.usual.startsWith("docs/") ? name.toUpperCase(Locale.ROOT) : name);
  }

  /** Whether the inventory itself names the place. */
  public boolean names(Paper paper) {
    return environment.files().containsKey(paper.key());
  }

  /** Where a file is. */
  public Path path(Paper paper) {
    return folder.resolve(place(paper));
  }

  /** What exists in the environment, a template after its parts. */
  public List<InventorySecret> secrets() {
    return inventory.secrets(environment);
  }

  /** A command on this inventory, as somebody types it in its folder. */
  public String command(String words) {
    StringBuilder command = new StringBuilder("secrets ").append(words);
    if (!file.equals(Inventory.FILE)) {
      command.append(" --inventory ").append(file);
    }
    if (inventory.environmentNames().size() > 1) {
      command.append(" --environment ").append(environment.name());
    }
    return command.toString();
  }
}
