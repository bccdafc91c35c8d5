package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.cli.audit.AlertsCommand;
import de.lifetimecircle.secrets.cli.audit.AuditCommand;
import de.lifetimecircle.secrets.cli.check.CheckCommand;
import de.lifetimecircle.secrets.cli.completion.CompletionCommand;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.documents.DocumentCommand;
import de.lifetimecircle.secrets.cli.emergency.EmergencyCommand;
import de.lifetimecircle.secrets.cli.generation.GenerateCommand;
import de.lifetimecircle.secrets.cli.handover.HandoverCommand;
import de.lifetimecircle.secrets.cli.handover.RunbookCommand;
import de.lifetimecircle.secrets.cli.help.CommandExamples;
import de.lifetimecircle.secrets.cli.help.HelpCommand;
import de.lifetimecircle.secrets.cli.help.HelpScreen;
import de.lifetimecircle.secrets.cli.help.SubcommandHelp;
import de.lifetimecircle.secrets.cli.inventory.FmtCommand;
import de.lifetimecircle.secrets.cli.inventory.InitCommand;
import de.lifetimecircle.secrets.cli.inventory.RenameCommand;
import de.lifetimecircle.secrets.cli.inventory.SchemaCommand;
import de.lifetimecircle.secrets.cli.moving.CompareCommand;
import de.lifetimecircle.secrets.cli.moving.DiffCommand;
import de.lifetimecircle.secrets.cli.moving.MigrateCommand;
import de.lifetimecircle.secrets.cli.policy.PolicyCommand;
import de.lifetimecircle.secrets.cli.rotation.DueCommand;
import de.lifetimecircle.secrets.cli.rotation.HistoryCommand;
import de.lifetimecircle.secrets.cli.rotation.LogCommand;
import de.lifetimecircle.secrets.cli.rotation.NotifyCommand;
import de.lifetimecircle.secrets.cli.rotation.RotateCommand;
import de.lifetimecircle.secrets.cli.rotation.ScheduleCommand;
import de.lifetimecircle.secrets.cli.scan.RedactCommand;
import de.lifetimecircle.secrets.cli.scan.ScanCommand;
import de.lifetimecircle.secrets.cli.secret.DeleteCommand;
import de.lifetimecircle.secrets.cli.secret.DescribeCommand;
import de.lifetimecircle.secrets.cli.secret.EditCommand;
import de.lifetimecircle.secrets.cli.secret.GetCommand;
import de.lifetimecircle.secrets.cli.secret.ImportCommand;
import de.lifetimecircle.secrets.cli.secret.ListCommand;
import de.lifetimecircle.secrets.cli.secret.PurgeCommand;
import de.lifetimecircle.secrets.cli.secret.PutCommand;
import de.lifetimecircle.secrets.cli.secret.RecipientsCommand;
import de.lifetimecircle.secrets.cli.secret.RestoreCommand;
import de.lifetimecircle.secrets.cli.secret.RollbackCommand;
import de.lifetimecircle.secrets.cli.secret.StoreCommand;
import de.lifetimecircle.secrets.cli.secret.VersionsCommand;
import de.lifetimecircle.secrets.cli.status.StatusCommand;
import de.lifetimecircle.secrets.cli.wiring.CiCommand;
import de.lifetimecircle.secrets.cli.wiring.ExecCommand;
import de.lifetimecircle.secrets.cli.wiring.ExportCommand;
import de.lifetimecircle.secrets.cli.wiring.TemplateCommand;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Creates the commands by their names. */
public final class CommandTable {
  /** The names of all commands, in the order of the help. */
  public static final List<String> NAMES =
      List.of(
          "init",
          "fmt",
          "schema",
          "generate",
          "put",
          "import",
          "check",
          "document",
          "rename",
          "policy",
          "emergency",
          "runbook",
          "handover",
          "audit",
          "alerts",
          "scan",
          "redact",
          "compare",
          "diff",
          "migrate",
          "status",
          "edit",
          "get",
          "list",
          "describe",
          "versions",
          "history",
          "rotate",
          "due",
          "schedule",
          "log",
          "notify",
          "rollback",
          "delete",
          "restore",
          "purge",
          "recipients",
          "store",
          "exec",
          "template",
          "export",
          "ci",
          "doctor",
          "whoami",
          "completion",
          "help",
          WarmUpCommand.NAME);

  /** The short names that hands know from elsewhere, with the commands they stand for. */
  static final Map<String, String> ALIASES = Map.of("ls", "list", "rm", "delete", "run", "exec");

  private CommandTable() {}

  /** Returns whether the word is a command, by its name or a short one. */
  static boolean has(String word) {
    return NAMES.contains(word) || ALIASES.containsKey(word);
  }

  /**
   * Adds the commands that the arguments name, or every command if they name none: that is a call
   * for help or a mistake, and both need the whole list. Not always every command, because the
   * parser needs longer to read the annotations of all commands than most commands run.
   */
  static void addTo(CommandLine commandLine, CommandSession session, List<String> args) {
    boolean named = false;
    for (String name : NAMES) {
      if (args.contains(name) || args.stream().anyMatch(arg -> name.equals(ALIASES.get(arg)))) {
        add(commandLine, session, name);
        named = true;
      }
    }
    if (!named) {
      addAllTo(commandLine, session);
    }
  }

  static void addAllTo(CommandLine commandLine, CommandSession session) {
    for (String name : NAMES) {
      add(commandLine, session, name);
    }
    AddedCommands.listIn(commandLine);
  }

  /** Returns the root with every command, for a command that speaks of all. */
  static CommandLine whole(CommandSession session) {
    CommandLine root = new CommandLine(new SecretsCommand(session));
    addAllTo(root, session);
    HelpScreen.group(root);
    return root.setPosixClusteredShortOptionsAllowed(false);
  }

  private static void add(CommandLine commandLine, CommandSession session, String name) {
    Object command = make(session, name);
    if (command != null) {
      CommandLine added = new CommandLine(command);
      commandLine.addSubcommand(name, added);
      if (command instanceof RotateCommand rotate) {
        rotate.addWays(added);
      }
      CommandExamples.addTo(name, added);
      SubcommandHelp.addTo(added, session);
    }
  }

  /** Creates a command that works on single secrets or on the program itself. */
  private static @Nullable Object make(CommandSession session, String name) {
    return switch (name) {
      case "init" -> new InitCommand(session);
      case "generate" -> new GenerateCommand(session);
      case "put" -> new PutCommand(session);
      case "import" -> new ImportCommand(session);
      case "edit" -> new EditCommand(session);
      case "get" -> new GetCommand(session);
      case "list" -> new ListCommand(session);
      case "describe" -> new DescribeCommand(session);
      case "versions" -> new VersionsCommand(session);
      case "rollback" -> new RollbackCommand(session);
      case "delete" -> new DeleteCommand(session);
      case "restore" -> new RestoreCommand(session);
      case "purge" -> new PurgeCommand(session);
      case "recipients" -> new RecipientsCommand(session);
      case "store" -> new StoreCommand(session);
      case "exec" -> new ExecCommand(session);
      case "export" -> new ExportCommand(session);
      case "whoami" -> new WhoamiCommand(session);
      case "doctor" -> new DoctorCommand(session);
      case "completion" -> new CompletionCommand(session, () -> whole(session));
      case "help" -> new HelpCommand(session, () -> whole(session));
      case WarmUpCommand.NAME -> new WarmUpCommand();
      default -> operation(session, name);
    };
  }

  /** Creates a command that follows from the inventory. */
  private static @Nullable Object operation(CommandSession session, String name) {
    return switch (name) {
      case "fmt" -> new FmtCommand(session);
      case "schema" -> new SchemaCommand(session);
      case "check" -> new CheckCommand(session);
      case "document" -> new DocumentCommand(session);
      case "rename" -> new RenameCommand(session);
      case "policy" -> new PolicyCommand(session);
      case "rotate" -> new RotateCommand(session);
      case "due" -> new DueCommand(session);
      case "schedule" -> new ScheduleCommand(session);
      case "log" -> new LogCommand(session);
      case "notify" -> new NotifyCommand(session);
      case "audit" -> new AuditCommand(session);
      case "alerts" -> new AlertsCommand(session);
      case "redact" -> new RedactCommand(session);
      case "diff" -> new DiffCommand(session);
      case "history" -> new HistoryCommand(session);
      case "scan" -> new ScanCommand(session);
      case "compare" -> new CompareCommand(session);
      case "migrate" -> new MigrateCommand(session);
      case "ci" -> new CiCommand(session);
      case "template" -> new TemplateCommand(session);
      case "emergency" -> new EmergencyCommand(session);
      case "runbook" -> new RunbookCommand(session);
      case "handover" -> new HandoverCommand(session);
      case "status" -> new StatusCommand(session);
      default -> null;
    };
  }
}
