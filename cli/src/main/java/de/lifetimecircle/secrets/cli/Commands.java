package de.lifetimecircle.secrets.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** The table of commands. */
final class Commands {
  /** In the order of the help. */
  static final List<String> NAMES =
      List.of(
          "init",
          "fmt",
          "schema",
          "generate",
          "put",
          "set",
          "check",
          "document",
          "policy",
          "emergency",
          "runbook",
          "handover",
          "audit",
          "alerts",
          "scan",
          "compare",
          "migrate",
          "status",
          "get",
          "list",
          "describe",
          "versions",
          "rotate",
          "due",
          "schedule",
          "log",
          "rollback",
          "delete",
          "restore",
          "purge",
          "recipients",
          "store",
          "exec",
          "export",
          "ci",
          "doctor",
          "completion",
          WarmUpCommand.NAME);

  private Commands() {}

  /**
   * Adds those that the arguments name; all where they name none, which is a call for help or a
   * mistake. Reading the annotations of all commands takes longer than most commands run.
   */
  static void addTo(CommandLine commandLine, Session session, List<String> args) {
    boolean named = false;
    for (String name : NAMES) {
      if (args.contains(name)) {
        add(commandLine, session, name);
        named = true;
      }
    }
    if (!named) {
      addAllTo(commandLine, session);
    }
  }

  static void addAllTo(CommandLine commandLine, Session session) {
    for (String name : NAMES) {
      add(commandLine, session, name);
    }
  }

  private static void add(CommandLine commandLine, Session session, String name) {
    Object command = make(session, name);
    if (command != null) {
      commandLine.addSubcommand(name, command);
    }
  }

  /** What works on one secret, or on the command itself. */
  private static @Nullable Object make(Session session, String name) {
    return switch (name) {
      case "init" -> new InitCommand(session);
      case "generate" -> new GenerateCommand(session);
      case "put" -> new PutCommand(session);
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
      case "doctor" -> new DoctorCommand(session);
      case "completion" -> new CompletionCommand(session);
      case WarmUpCommand.NAME -> new WarmUpCommand();
      default -> operation(session, name);
    };
  }

  /** What follows from the inventory. */
  private static @Nullable Object operation(Session session, String name) {
    return switch (name) {
      case "fmt" -> new FmtCommand(session);
      case "schema" -> new SchemaCommand(session);
      case "set" -> new SetCommand(session);
      case "check" -> new CheckCommand(session);
      case "document" -> new DocumentCommand(session);
      case "policy" -> new PolicyCommand(session);
      case "rotate" -> new RotateCommand(session);
      case "due" -> new DueCommand(session);
      case "schedule" -> new ScheduleCommand(session);
      case "log" -> new LogCommand(session);
      case "audit" -> new AuditCommand(session);
      case "alerts" -> new AlertsCommand(session);
      case "scan" -> new ScanCommand(session);
      case "compare" -> new CompareCommand(session);
      case "migrate" -> new MigrateCommand(session);
      case "ci" -> new CiCommand(session);
      case "emergency" -> new EmergencyCommand(session);
      case "runbook" -> new RunbookCommand(session);
      case "handover" -> new HandoverCommand(session);
      case "status" -> new StatusCommand(session);
      default -> null;
    };
  }
}
