package de.lifetimecircle.secrets.cli.inventory;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.cli.console.Output;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.operations.inventory.EnumText;
import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.operations.inventory.ShellWord;
import de.lifetimecircle.secrets.operations.inventory.StoreSettings;
import de.lifetimecircle.secrets.operations.renaming.NameMention;
import de.lifetimecircle.secrets.operations.renaming.NameMentions;
import de.lifetimecircle.secrets.operations.renaming.SecretRename;
import de.lifetimecircle.secrets.operations.rotation.NameLocks;
import de.lifetimecircle.secrets.operations.wiring.ProgramWiring;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives a secret of the inventory another name. */
@Command(
    name = "rename",
    description = {
      "Rename a secret of the inventory: list what names it and the order of the steps, and take"
          + " the two that harm no reader.",
      "Copies the value to the new name in each environment, then changes the inventory. Never"
          + " deletes the old name: its readers need it until they have moved."
    },
    sortOptions = false)
public final class RenameCommand extends SessionCommand implements Runnable {
  private static final String RENAME = "rename secret";

  private static final String ADD_POLICY =
      "3. Add a policy for the new name; the old one stays until step 6: ";

  @Parameters(index = "0", paramLabel = "OLD", description = "Its name now.")
  String from = "";

  @Parameters(index = "1", paramLabel = "NEW", description = "Its new name, without prefix.")
  String to = "";

  @Option(names = "--dry-run", description = "Only print what follows from it and the steps.")
  boolean dryRun;

  @Option(names = "--yes", description = "Do not ask.")
  boolean yes;

  @Mixin InventoryFileOption inventory = new InventoryFileOption();

  @Mixin RotationGuard guard = new RotationGuard();

  @Override
  public void run() {
    InventoryOptions options = inventory.inventory();
    Inventory read = options.use();
    Path file = options.file();
    Path folder = options.folder();
    String known = options.names(List.of(from)).iterator().next();
    SecretRename rename = SecretRename.of(read, known, to);
    guard.requireNoJournal(RENAME, session, options, rename.stored());
    NameMentions mentions = NameMentions.around(folder, known);
    List<String> steps = steps(rename, read, file);
    if (!session.json) {
      consequences(rename, mentions, file);
      session.output().line("");
      steps.forEach(session.output()::line);
      session.output().flush(); // the steps are taken whether or not a person reads this
    }
    Map<String, String> outcomes = dryRun ? Map.of() : done(rename, options);
    if (session.json) {
      session.output().document(document(rename, mentions, steps, outcomes));
    }
  }

  /** Takes the first two steps, and returns the outcome of the copy by environment. */
  private Map<String, String> done(SecretRename rename, InventoryOptions options) {
    Path file = options.file();
    Path journals = options.journals(guard.journal);
    if (!yes) {
      session.confirm("Take steps 1 and 2 now?");
    }
    Map<String, String> outcomes = new LinkedHashMap<>();
    List<String> copies = new ArrayList<>();
    try (NameLocks pause = rename.pause(journals, session.person());
        SecretWriter writer =
            session.openWriter(name -> Optional.of(rename.secret().description()))) {
      NameLocks unused = pause; // until the inventory is written
      guard.require(RENAME, session, options, writer, rename.stored()); // after the question
      for (ServiceEnvironment each : rename.environments()) {
        SecretRename.Outcome outcome = rename.copy(writer, each);
        outcomes.put(each.name(), EnumText.of(outcome));
        if (outcome != SecretRename.Outcome.ABSENT) {
          copies.add(each.stored(to));
        }
        say(outcome, each.stored(rename.secret().name()), each.stored(to));
      }
      rename.requireSameValues(writer);
      if (!guard.force) {
        rename.requireNotOvertaken(file, journals, copies);
      }
      rename.writeInventory(file);
    }
    if (!session.json) {
      session.output().line("Changed " + file + ". Continue with step 3.");
    }
    return outcomes;
  }

  private void say(SecretRename.Outcome outcome, String old, String fresh) {
    if (outcome == SecretRename.Outcome.ABSENT) {
      session.hint(
          "this store has no '"
              + old
              + "'. If another one has it, copy it there: secrets get "
              + ShellWord.of(old)
              + " --config FILE | secrets put "
              + ShellWord.of(fresh)
              + " --plain --create --config FILE");
    } else if (!session.json) {
      String done =
          outcome == SecretRename.Outcome.COPIED ? "Copied '" + old + "' to '" : "Unchanged: '";
      session.output().line(done + fresh + "'");
    }
  }

  private void consequences(SecretRename rename, NameMentions mentions, Path inventory) {
    String old = rename.secret().name();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(
        "in the store",
        String.join(
            ", ",
            rename.environments().stream()
                .map(each -> each.stored(old) + " -> " + each.stored(to))
                .toList()));
    List<String> readers = rename.secret().readers();
    facts.put("readers", readers.isEmpty() ? "none" : String.join(", ", readers));
    if (!readers.isEmpty()) {
      facts.put(
          "variable",
          ProgramWiring.variable(old)
              + " -> "
              + ProgramWiring.variable(to)
              + " (exec, export, ci)");
    }
    addUses(facts, rename);
    facts.put(
        "stays behind",
        "older versions, tags, the rotation log and the audit log; 'due' counts the copy as made"
            + " today");
    session.output().facts(facts);
    List<NameMention> files = elsewhere(mentions, inventory);
    session.output().line("Lines that name it, in " + mentions.root() + ":");
    files.forEach(each -> session.output().line("  " + each));
    if (files.isEmpty()) {
      session.output().line("  none besides the inventory");
    }
    mentions.unread().forEach(each -> session.hint("not searched: " + each));
    if (mentions.isCut()) {
      session.hint("not searched: the rest of the folder, which has too many files");
    }
  }

  private static void addUses(Map<String, String> facts, SecretRename rename) {
    if (!rename.templates().isEmpty()) {
      facts.put("part of", String.join(", ", rename.templates()));
    }
    new TreeMap<>(rename.secret().hooks())
        .forEach((step, line) -> facts.put("hook " + step, String.join(" ", line)));
  }

  /** Leaves out the inventory, which this command changes itself. */
  private static List<NameMention> elsewhere(NameMentions mentions, Path inventory) {
    Path own = inventory.toAbsolutePath().normalize();
    return mentions.found().stream()
        .filter(each -> !mentions.root().resolve(each.file()).equals(own))
        .toList();
  }

  private List<String> steps(SecretRename rename, Inventory read, Path file) {
    List<ServiceEnvironment> where = rename.environments();
    List<String> steps = new ArrayList<>();
    steps.add("Steps, in this order:");
    steps.add("1. Copy the value to the new name, where that does not exist. (This command.)");
    steps.add("2. Rename it in " + file + ". (This command.) Do not rotate it before step 5.");
    String backend = rename.secret().readers().isEmpty() ? "" : backend();
    for (String reader : rename.secret().readers()) {
      String policy = "policy --for " + reader + " --backend " + backend;
      where.forEach(each -> steps.add(ADD_POLICY + read.command(policy, each)));
    }
    where.forEach(
        each ->
            steps.add(
                "4. Change the lines above, and write again what is generated: "
                    + read.command("runbook", each)));
    where.forEach(each -> steps.add("5. Deploy, then compare: " + read.command("check", each)));
    where.forEach(
        each ->
            steps.add(
                "6. Once the logs show no reader of the old name ('"
                    + read.command("audit LOG", each)
                    + "'): "
                    + read.storeCommand("delete " + each.stored(rename.secret().name()))));
    return steps;
  }

  /** Returns the scheme in use; opening a store asks it nothing. */
  private String backend() {
    try (SecretProvider provider = session.openToReport()) {
      return StoreSettings.backend(provider);
    } catch (SecretException e) {
      return "BACKEND"; // the steps of --dry-run need no settings of a store
    }
  }

  private Map<String, Object> document(
      SecretRename rename,
      NameMentions mentions,
      List<String> steps,
      Map<String, String> outcomes) {
    return Output.object(
        "from", rename.secret().name(),
        "to", to,
        "readers", rename.secret().readers(),
        "templates", rename.templates(),
        "mentions", mentions.found().stream().map(NameMention::toString).toList(),
        "steps", steps.subList(1, steps.size()),
        "copies", outcomes);
  }
}
