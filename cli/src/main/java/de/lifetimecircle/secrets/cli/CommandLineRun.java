package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.cli.completion.CompletionNames;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.ErrorReport;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.Terminal;
import de.lifetimecircle.secrets.cli.console.UsageErrors;
import de.lifetimecircle.secrets.cli.help.HelpScreen;
import de.lifetimecircle.secrets.cli.inventory.AuditReasonCheck;
import de.lifetimecircle.secrets.cli.inventory.InventoryOptions;
import de.lifetimecircle.secrets.cli.secret.GetCommand;
import de.lifetimecircle.secrets.cli.secret.QuickGet;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.spi.ToolProvider;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Runs one command, from its arguments to its exit code. Reusable: it keeps no state. */
public final class CommandLineRun {
  private final Terminal terminal;
  private final Map<String, String> environment;
  private final InstantSource clock;

  /** Creates a command line that reads and writes this terminal and sees these variables. */
  public CommandLineRun(Terminal terminal, Map<String, String> environment) {
    this(terminal, environment, InstantSource.system());
  }

  /** Creates a command line as above, whose commands run at the time of this clock. */
  CommandLineRun(Terminal terminal, Map<String, String> environment, InstantSource clock) {
    this.terminal = terminal;
    this.environment = environment;
    this.clock = clock;
  }

  /**
   * Runs one command to its end and returns the exit code; see {@link ExitCode}. A failure is
   * printed, never thrown.
   */
  public int run(String... args) {
    CommandSession session = new CommandSession(terminal, environment, clock);
    session.hints.commands(name -> CommandTable.spec(session, name));
    ErrorReport errors = new ErrorReport(session);
    int code;
    try {
      if (args.length > 0 && args[0].equals(CompletionNames.COMMAND)) {
        CompletionNames.run(session, args);
        session.output().finish();
        return ExitCode.OK.code();
      }
      GetCommand quick = QuickGet.parse(args, session);
      if (quick != null) {
        session.running = "get";
        quick.inventory().in(session);
        AuditReasonCheck.require(session, List.of("get"), quick.inventory());
        quick.run(session);
        return ExitCode.OK.code();
      }
      Optional<ToolProvider> added = PluginCommands.named(args);
      code =
          added.isPresent()
              ? PluginCommands.run(added.get(), session, args)
              : parse(session, errors, args);
      session.output().flush();
      if (code == ExitCode.OK.code() || !terminal.readerHasGone()) {
        session.output().finish();
      }
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      code = errors.report(e);
    }
    terminal.err().flush();
    return code;
  }

  private static int parse(CommandSession session, ErrorReport errors, String[] args) {
    CommandLine commandLine = new CommandLine(new SecretsCommand(session));
    CommandTable.addTo(commandLine, session, List.of(args));
    HelpScreen.group(commandLine, CommandTable.listed());
    CommandLine exec = commandLine.getSubcommands().get("exec");
    if (exec != null) {
      exec.setStopAtPositional(true);
    }
    // Arguments are literal: '@x' names a secret, not a file of arguments, and '-ab' is not '-a
    // -b'.
    return commandLine
        .setExpandAtFiles(false)
        .setPosixClusteredShortOptionsAllowed(false)
        .setAbbreviatedOptionsAllowed(false)
        .setOut(new PrintWriter(session.terminal.out(), false, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(session.terminal.err(), true, StandardCharsets.UTF_8))
        .setParameterExceptionHandler(new UsageErrors(session, errors))
        .setExecutionStrategy(parsed -> execute(parsed, session, errors))
        .setExecutionExceptionHandler((failure, command, parsed) -> errors.report(failure))
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(
                session.coloursHelp(List.of(args))
                    ? CommandLine.Help.Ansi.ON
                    : CommandLine.Help.Ansi.OFF))
        .execute(args);
  }

  private static int execute(ParseResult parsed, CommandSession session, ErrorReport errors) {
    List<String> words = new ArrayList<>();
    ParseResult last = parsed;
    boolean help = parsed.isUsageHelpRequested();
    while (last.hasSubcommand()) {
      last = last.subcommand();
      words.add(last.commandSpec().name());
      help |= last.isUsageHelpRequested();
    }
    session.running = String.join(" ", words);
    InventoryOptions inventory = inventory(last);
    session.hints.run(last);
    inventory.in(session);
    if (help) {
      parsed.commandSpec().commandLine().setUsageHelpWidth(session.helpWidth());
    } else {
      try {
        if (words.isEmpty() || !CommandTable.needsReason(words)) {
          AuditReasonCheck.useName(session, words, inventory);
        } else {
          AuditReasonCheck.require(session, words, inventory);
        }
      } catch (RuntimeException e) {
        return errors.report(e); // the parser would print it itself
      }
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  /** Returns the inventory of a command; for one that uses none, the inventory in reach. */
  private static InventoryOptions inventory(ParseResult command) {
    return InventoryOptions.of(command.commandSpec())
        .orElseGet(
            () -> {
              InventoryOptions own = new InventoryOptions();
              own.inventory = command.matchedOptionValue("--inventory", null);
              return own;
            });
  }
}
