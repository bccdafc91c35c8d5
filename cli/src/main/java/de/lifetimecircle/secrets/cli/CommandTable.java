package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.cli.audit.AlertsCommand;
import de.lifetimecircle.secrets.cli.audit.AuditCommand;
import de.lifetimecircle.secrets.cli.check.CheckCommand;
import de.lifetimecircle.secrets.cli.completion.CompletionCommand;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.OptionWords;
import de.lifetimecircle.secrets.cli.console.SessionCommand;
import de.lifetimecircle.secrets.cli.documents.DocumentCommand;
import de.lifetimecircle.secrets.cli.emergency.EmergencyCommand;
import de.lifetimecircle.secrets.cli.generation.GenerateCommand;
import de.lifetimecircle.secrets.cli.handover.HandoverCommand;
import de.lifetimecircle.secrets.cli.handover.RunbookCommand;
import de.lifetimecircle.secrets.cli.help.HelpCommand;
import de.lifetimecircle.secrets.cli.help.HelpGroup;
import de.lifetimecircle.secrets.cli.help.HelpScreen;
import de.lifetimecircle.secrets.cli.help.ListedCommand;
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
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;

/**
 * The commands of this program, one row each, in the order of the help. A row says everything that
 * the help, the completion, the manual and the rule of reasons need; {@link #make} creates the
 * command. A new command is a row, its case in {@code make}, and its class.
 */
public enum CommandTable {
  GET(HelpGroup.EVERY_DAY, Reason.NEEDED, "secrets get prod/DB_ADMIN_PW --show"),
  LIST(HelpGroup.EVERY_DAY, Reason.OWN_NAME, "secrets list prod/"),
  PUT(HelpGroup.EVERY_DAY, Reason.NEEDED, "secrets put prod/STRIPE_KEY --reason 'ticket 4711'"),
  EDIT(HelpGroup.EVERY_DAY, Reason.NEEDED, "secrets edit prod/STRIPE_KEY --editor nano"),
  EXEC(HelpGroup.EVERY_DAY, Reason.NEEDED, "secrets exec --for service -- python server/main.py"),
  DESCRIBE(HelpGroup.EVERY_DAY, Reason.OWN_NAME, "secrets describe prod/DB_ADMIN_PW"),
  VERSIONS(HelpGroup.EVERY_DAY, Reason.OWN_NAME, "secrets versions prod/DB_ADMIN_PW"),
  HISTORY(
      HelpGroup.EVERY_DAY,
      Reason.OWN_NAME,
      "secrets history prod/DB_ADMIN_PW --audit /var/log/secrets-audit.log"),
  DELETE(HelpGroup.EVERY_DAY, Reason.NEEDED, "secrets delete prod/OLD_KEY"),
  RESTORE(HelpGroup.EVERY_DAY, Reason.NEEDED, "secrets restore prod/OLD_KEY"),
  ROLLBACK(HelpGroup.EVERY_DAY, Reason.NEEDED, "secrets rollback prod/DB_ADMIN_PW"),
  GENERATE(
      HelpGroup.EVERY_DAY, Reason.NEEDED, "secrets generate prod/API_TOKEN --type hex --bytes 32"),
  IMPORT(HelpGroup.EVERY_DAY, Reason.NEEDED, "secrets import .env --prefix prod/ --dry-run"),
  EXPORT(
      HelpGroup.EVERY_DAY,
      Reason.NEEDED,
      "secrets export --format systemd --for service --output /etc/credstore"),
  TEMPLATE(
      HelpGroup.EVERY_DAY,
      Reason.NEEDED,
      "secrets template app.conf.tmpl --to /etc/app/app.conf --run 'systemctl reload app'"),
  REDACT(HelpGroup.EVERY_DAY, Reason.OWN_NAME, "./deploy 2>&1 | secrets redact"),
  WHOAMI(HelpGroup.EVERY_DAY, Reason.OWN_NAME, "secrets whoami"),
  DOCTOR(HelpGroup.EVERY_DAY, Reason.OWN_NAME, "secrets doctor"),
  INIT(HelpGroup.INVENTORY, Reason.OWN_NAME, "secrets init --inventory"),
  CHECK(HelpGroup.INVENTORY, Reason.OWN_NAME, "secrets check --environment prod"),
  STATUS(HelpGroup.INVENTORY, Reason.OWN_NAME, "secrets status"),
  RENAME(HelpGroup.INVENTORY, Reason.NEEDED, "secrets rename API_TOKEN ADMIN_API_TOKEN --dry-run"),
  DIFF(HelpGroup.INVENTORY, Reason.OWN_NAME, "secrets diff prod staging"),
  DOCUMENT(HelpGroup.INVENTORY, Reason.OWN_NAME, "secrets document > SECRETS.md"),
  POLICY(
      HelpGroup.INVENTORY,
      Reason.OWN_NAME,
      "secrets policy --for service --backend aws > service.json"),
  CI(
      HelpGroup.INVENTORY,
      Reason.OWN_NAME,
      "secrets ci github --backend aws --archive https://HOST/secrets.tar.gz --sha256 SUM"),
  RUNBOOK(HelpGroup.INVENTORY, Reason.OWN_NAME, "secrets runbook"),
  HANDOVER(HelpGroup.INVENTORY, Reason.OWN_NAME, "secrets handover --to devops"),
  ALERTS(
      HelpGroup.INVENTORY,
      Reason.OWN_NAME,
      "secrets alerts --backend aws --target slack > alerts.json"),
  FMT(HelpGroup.INVENTORY, Reason.OWN_NAME, "secrets fmt --check"),
  SCHEMA(HelpGroup.INVENTORY, Reason.OWN_NAME, "secrets schema > secrets.schema.json"),
  ROTATE(
      HelpGroup.OPERATIONS,
      Reason.NEEDED,
      "secrets rotate DB_ADMIN_PW",
      "secrets rotate due",
      "secrets rotate resume DB_ADMIN_PW",
      "secrets rotate rollback DB_ADMIN_PW",
      "secrets rotate abandon DB_ADMIN_PW",
      "secrets rotate retire DB_ADMIN_PW"),
  DUE(HelpGroup.OPERATIONS, Reason.OWN_NAME, "secrets due --within 14"),
  SCHEDULE(HelpGroup.OPERATIONS, Reason.OWN_NAME, "secrets schedule --as systemd"),
  LOG(HelpGroup.OPERATIONS, Reason.OWN_NAME, "secrets log --verify"),
  NOTIFY(HelpGroup.OPERATIONS, Reason.OWN_NAME, "secrets notify prod/DB_ADMIN_PW"),
  AUDIT(
      HelpGroup.OPERATIONS,
      Reason.OWN_NAME,
      "secrets audit /var/log/secrets-audit.log --since 2026-03-02"),
  SCAN(HelpGroup.OPERATIONS, Reason.OWN_NAME, "secrets scan --git ."),
  COMPARE(
      HelpGroup.OPERATIONS, Reason.OWN_NAME, "secrets compare gpg vault.properties --prefix prod/"),
  MIGRATE(
      HelpGroup.OPERATIONS,
      Reason.NEEDED,
      "secrets migrate gpg vault.properties --prefix prod/ --dry-run"),
  RECIPIENTS(
      HelpGroup.OPERATIONS,
      Reason.NEEDED,
      "secrets recipients list",
      "secrets recipients add anna.asc",
      "secrets recipients remove FINGERPRINT"),
  STORE(
      HelpGroup.OPERATIONS,
      Reason.OWN_NAME,
      "secrets store verify",
      "secrets store backup /backup/secrets.tar",
      "secrets store repair --dry-run"),
  PURGE(HelpGroup.OPERATIONS, Reason.NEEDED, "secrets purge prod/OLD_KEY"),
  COMPLETION(HelpGroup.OPERATIONS, Reason.OWN_NAME, "secrets completion install"),
  HELP(HelpGroup.OPERATIONS, Reason.OWN_NAME, "secrets help emergency"),
  EMERGENCY(HelpGroup.EMERGENCY, Reason.OWN_NAME, "secrets emergency LTC_SECRET_KEY --drill"),
  WARM_UP(HelpGroup.HIDDEN, Reason.OWN_NAME);

  /** Where the reason comes from that the audit log may demand. */
  enum Reason {
    /** A person has to give it: the command shows, hands out or changes a value. */
    NEEDED,
    /** The name of the command says enough. */
    OWN_NAME
  }

  /** Other names for frequent commands, with the commands that they stand for. */
  private static final Map<String, String> ALIASES =
      Map.of("ls", "list", "rm", "delete", "run", "exec");

  private final Reason reason;

  @SuppressWarnings("ImmutableEnumChecker") // List.copyOf is immutable, its type does not say so.
  private final ListedCommand listed;

  CommandTable(HelpGroup group, Reason reason, String... examples) {
    this.reason = reason;
    this.listed = new ListedCommand(OptionWords.of(this), group, List.of(examples));
  }

  /** Creates the command. A switch, so that only the classes of the chosen command are loaded. */
  private Object make(CommandSession session) {
    return switch (this) {
      case GET -> new GetCommand();
      case LIST -> new ListCommand();
      case PUT -> new PutCommand();
      case EDIT -> new EditCommand();
      case EXEC -> new ExecCommand();
      case DESCRIBE -> new DescribeCommand();
      case VERSIONS -> new VersionsCommand();
      case HISTORY -> new HistoryCommand();
      case DELETE -> new DeleteCommand();
      case RESTORE -> new RestoreCommand();
      case ROLLBACK -> new RollbackCommand();
      case GENERATE -> new GenerateCommand();
      case IMPORT -> new ImportCommand();
      case EXPORT -> new ExportCommand();
      case TEMPLATE -> new TemplateCommand();
      case REDACT -> new RedactCommand();
      case WHOAMI -> new WhoamiCommand();
      case DOCTOR -> new DoctorCommand();
      case INIT -> new InitCommand();
      case CHECK -> new CheckCommand();
      case STATUS -> new StatusCommand();
      case RENAME -> new RenameCommand();
      case DIFF -> new DiffCommand();
      case DOCUMENT -> new DocumentCommand();
      case POLICY -> new PolicyCommand();
      case CI -> new CiCommand();
      case RUNBOOK -> new RunbookCommand();
      case HANDOVER -> new HandoverCommand();
      case ALERTS -> new AlertsCommand();
      case FMT -> new FmtCommand();
      case SCHEMA -> new SchemaCommand();
      case ROTATE -> new RotateCommand();
      case DUE -> new DueCommand();
      case SCHEDULE -> new ScheduleCommand();
      case LOG -> new LogCommand();
      case NOTIFY -> new NotifyCommand();
      case AUDIT -> new AuditCommand();
      case SCAN -> new ScanCommand();
      case COMPARE -> new CompareCommand();
      case MIGRATE -> new MigrateCommand();
      case RECIPIENTS -> new RecipientsCommand();
      case STORE -> new StoreCommand();
      case PURGE -> new PurgeCommand();
      case COMPLETION -> new CompletionCommand(() -> whole(session));
      case HELP -> new HelpCommand(() -> whole(session), listed());
      case EMERGENCY -> new EmergencyCommand();
      case WARM_UP -> new WarmUpCommand();
    };
  }

  /** Returns the names of all commands, in the order of the help. */
  public static List<String> names() {
    return Arrays.stream(values()).map(each -> each.listed.name()).toList();
  }

  /** Returns the command of that name or alias. */
  private static Optional<CommandTable> of(String word) {
    String name = ALIASES.getOrDefault(word, word);
    return Arrays.stream(values()).filter(each -> each.listed.name().equals(name)).findFirst();
  }

  /** Returns whether the word is a command, by its name or its alias. */
  public static boolean has(String word) {
    return of(word).isPresent();
  }

  /** Returns whether a person has to say why this command runs, if the audit log demands it. */
  static boolean needsReason(List<String> words) {
    return of(words.get(0)).map(each -> each.reason == Reason.NEEDED).orElse(false)
        && !words.equals(List.of("rotate", "due"));
  }

  /** Returns what the help shows: the commands that are not hidden. */
  public static List<ListedCommand> listed() {
    return Arrays.stream(values())
        .map(each -> each.listed)
        .filter(each -> each.group() != HelpGroup.HIDDEN)
        .toList();
  }

  /**
   * Adds the commands that the arguments name, or every command if they name none: that is a call
   * for help or a mistake, and both need the whole list. Not always every command, because the
   * parser needs longer to read the annotations of all commands than most commands run.
   */
  static void addTo(CommandLine commandLine, CommandSession session, List<String> args) {
    Set<CommandTable> named = EnumSet.noneOf(CommandTable.class);
    args.forEach(arg -> of(arg).ifPresent(named::add));
    named.forEach(each -> each.add(commandLine, session));
    if (named.isEmpty()) {
      addAllTo(commandLine, session);
    } else {
      OptionWords.convertIn(commandLine);
    }
  }

  static void addAllTo(CommandLine commandLine, CommandSession session) {
    for (CommandTable each : values()) {
      each.add(commandLine, session);
    }
    OptionWords.convertIn(commandLine);
    PluginCommands.listIn(commandLine);
  }

  /** Returns the root with every command, for a command that speaks of all. */
  static CommandLine whole(CommandSession session) {
    CommandLine root = new CommandLine(new SecretsCommand(session));
    addAllTo(root, session);
    HelpScreen.group(root, listed());
    return root.setPosixClusteredShortOptionsAllowed(false);
  }

  /** Returns how the parser reads a command; empty if there is none of that name. */
  static Optional<CommandLine.Model.CommandSpec> spec(CommandSession session, String name) {
    return of(name)
        .flatMap(
            command -> {
              CommandLine root = new CommandLine(new SecretsCommand(session));
              command.add(root, session);
              return Optional.ofNullable(root.getSubcommands().get(command.listed.name()));
            })
        .map(CommandLine::getCommandSpec);
  }

  private void add(CommandLine commandLine, CommandSession session) {
    Object command = make(session);
    CommandLine added = new CommandLine(command);
    commandLine.addSubcommand(listed.name(), added);
    if (command instanceof RotateCommand rotate) {
      rotate.addWays(added);
    }
    listed.addExamplesTo(added);
    SubcommandHelp.addTo(added);
    SessionCommand.give(added, session);
  }
}
