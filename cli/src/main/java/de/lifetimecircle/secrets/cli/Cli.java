package de.lifetimecircle.secrets.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** One run of the command: from arguments to exit code. Safe to use again; keeps no state. */
final class Cli {
  private final Terminal terminal;
  private final Map<String, String> environment;

  Cli(Terminal terminal, Map<String, String> environment) {
    this.terminal = terminal;
    this.environment = environment;
  }

  int run(String... args) {
    Session session = new Session(terminal, environment);
    Errors errors = new Errors(session);
    int code;
    try {
      GetRequest quick = QuickGet.parse(args, session);
      if (quick != null) {
        quick.run(session);
        return ExitCode.OK.code();
      }
      code = parse(session, errors, args);
      session.output().finish();
    } catch (RuntimeException | StackOverflowError e) {
      code = errors.report(e);
    }
    terminal.err().flush();
    return code;
  }

  private static int parse(Session session, Errors errors, String[] args) {
    CommandLine commandLine = new CommandLine(new SecretsCommand(session));
    Commands.addTo(commandLine, session, List.of(args));
    CommandLine exec = commandLine.getSubcommands().get("exec");
    return configured(commandLine, exec, session, errors).execute(args);
  }

  private static CommandLine configured(
      CommandLine commandLine, @Nullable CommandLine exec, Session session, Errors errors) {
    // An argument is taken as it is: '@x' is no file, and '-ab' no pair of options.
    commandLine
        .setExpandAtFiles(false)
        .setPosixClusteredShortOptionsAllowed(false)
        .setAbbreviatedOptionsAllowed(false)
        .setUsageHelpWidth(100)
        .setOut(new PrintWriter(session.terminal.out(), false, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(session.terminal.err(), true, StandardCharsets.UTF_8))
        .setParameterExceptionHandler(new UsageErrors(errors))
        .setExecutionExceptionHandler((failure, command, parsed) -> errors.report(failure));
    if (exec != null) {
      exec.setStopAtPositional(true);
    }
    return commandLine;
  }
}
