package de.lifetimecircle.secrets.operations.documents;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.files.RepositoryFile;
import de.lifetimecircle.secrets.operations.inventory.ExampleHooks;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.operations.inventory.ShellWord;
import de.lifetimecircle.secrets.operations.inventory.Worded;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * An inventory, its folder and one of its environments: gives the paths of all files that are
 * generated from it, and the commands as people type them. Immutable; only {@link #read} does I/O.
 *
 * @param folder the folder of the inventory
 * @param file the name of the inventory in it
 * @param inventory the content
 * @param environment the chosen environment
 * @param within the folder's path within its repository of git, with {@code /}; empty if the folder
 *     is the root of one, or in none
 */
public record InventoryLocation(
    Path folder, String file, Inventory inventory, ServiceEnvironment environment, String within) {
  /** The name of the person who pastes a command, in the words of a POSIX shell. */
  public static final String PERSON = "\"$(id -un)\"";

  /** The editor of the person who pastes a command; many servers set no variable for it. */
  private static final String EDITOR = "${EDITOR:-vi} ";

  /** A file or folder that belongs to an inventory. */
  public enum ProjectFile implements Worded {
    /** The decision for a backend, with its reasons. */
    DECISION("docs/SECRETS_%s_DECISION.md"),
    /** The runbook. */
    RUNBOOK("docs/SECRETS_%s_RUNBOOK.md"),
    /** The folder of policies. */
    POLICIES("infra/secrets/%s"),
    /** The place in the service that reads its secrets. */
    SERVICE("server/main.py"),
    /** The workflow that deploys. */
    WORKFLOW(".github/workflows/deploy-%s.yml"),
    /** The folder of alert definitions. */
    ALERTS("infra/alerts/%s"),
    /** The claims of people; see {@link ClaimLog}. */
    RECORDS("docs/SECRETS_%s_RECORDS.jsonl"),
    /** The folder of post-mortems. */
    POST_MORTEMS("docs/post-mortems");

    private final String usual;

    ProjectFile(String usual) {
      this.usual = usual;
    }
  }

  /**
   * Reads an inventory; blocks for the file system.
   *
   * @param environment its name; empty if the inventory has only one
   * @throws SecretException {@code CONFIGURATION} as {@link Inventory#read}, or if there is no such
   *     environment
   */
  public static InventoryLocation read(Path inventory, String environment) {
    return of(Inventory.read(inventory), inventory, environment);
  }

  /**
   * Returns the location of an inventory that was read from a file; blocks for the file system.
   *
   * @param environment its name; empty if the inventory has only one
   * @throws SecretException {@code CONFIGURATION} if there is no such environment
   */
  public static InventoryLocation of(Inventory inventory, Path file, String environment) {
    Path absolute = file.toAbsolutePath().normalize();
    Path folder = absolute.getParent();
    return new InventoryLocation(
        folder == null ? absolute : folder,
        String.valueOf(absolute.getFileName()),
        inventory,
        inventory.environment(environment),
        folder == null ? "" : within(folder));
  }

  private static String within(Path folder) {
    return RepositoryFile.root(folder)
        .map(root -> root.relativize(folder).toString().replace('\\', '/'))
        .orElse("");
  }

  /**
   * Returns this location for a document, which people read beside the inventory: its commands name
   * the inventory by its name there. Those of a message are pasted where this program runs: they
   * name it by the path as it was given, and the hint of the inventory completes them.
   */
  public InventoryLocation inDocument() {
    return new InventoryLocation(folder, file, inventory.inDocument(file), environment, within);
  }

  /** Returns the inventory's path within its repository. */
  public String inRepository() {
    return within.isEmpty() ? file : within + "/" + file;
  }

  /** Returns the path of a file relative to the inventory's folder. */
  public String place(ProjectFile kind) {
    String given = environment.files().get(kind.word());
    if (given != null) {
      return given;
    }
    // The names of documents are in capitals, those of folders and workflows are not.
    String name = environment.name();
    // GitHub runs only the workflows at the root of the repository.
    String up =
        kind != ProjectFile.WORKFLOW || within.isEmpty()
            ? ""
            : "../".repeat(within.split("/", -1).length);
    return String.format(
        Locale.ROOT,
        up + kind.usual,
        kind.usual.startsWith("docs/") ? name.toUpperCase(Locale.ROOT) : name);
  }

  /** Returns whether the inventory itself names the path. */
  public boolean names(ProjectFile kind) {
    return environment.files().containsKey(kind.word());
  }

  /** Returns the path of a file. */
  public Path path(ProjectFile kind) {
    return folder.resolve(place(kind));
  }

  /** Returns the secrets of the environment, a template after its parts. */
  public List<InventorySecret> secrets() {
    return inventory.secrets(environment);
  }

  /** Returns a command whose output becomes a file, in a folder that may not exist yet. */
  public String writing(String words, String place) {
    String reached = reached(place);
    String parent = reached.contains("/") ? reached.substring(0, reached.lastIndexOf('/')) : ".";
    return "mkdir -p "
        + ShellWord.of(parent)
        + " && "
        + command(words)
        + " > "
        + ShellWord.of(reached);
  }

  /** Returns a command with an option that names the file to write. */
  public String writingOut(String words, String place) {
    return command(words + " --out " + ShellWord.of(reached(place)));
  }

  /** Returns the command that opens a file in the person's editor. */
  public String editing(String place) {
    return EDITOR + ShellWord.of(reached(place));
  }

  /** Returns the command that opens the inventory in the person's editor. */
  public String editing() {
    return EDITOR + ShellWord.of(inventory.source());
  }

  /** Returns the command that writes the example hooks beside the inventory. */
  public String writingHooks() {
    return ExampleHooks.writing(inventory.source());
  }

  /** Returns the command that shows the history of a folder beside the inventory. */
  public String history(String place) {
    return "git log -p -- " + ShellWord.of(reached(place));
  }

  /** Returns the path of a file as one reaches it from where the inventory has this name. */
  private String reached(String place) {
    String source = inventory.source();
    return source.substring(0, source.lastIndexOf('/') + 1) + place;
  }

  /** Returns a command on this inventory and environment; see {@link #inDocument}. */
  public String command(String words) {
    return inventory.command(words, environment);
  }

  /** Returns a command on all environments of this inventory. */
  public String commandOnAll(String words) {
    return inventory.commandOnAll(words);
  }
}
