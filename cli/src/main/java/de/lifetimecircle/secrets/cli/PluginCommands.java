package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.cli.console.CommandFailure;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The commands that other modules of the distribution bring, each as a {@link ToolProvider} of the
 * JDK. Such a command gets everything after its name, parses it itself, and prints for {@code
 * --help} a first line that says what it does. Stateless.
 */
final class PluginCommands {
  /** The JDK offers its own tools in the same way; none of them is a command of this program. */
  private static final String OURS = "de.lifetimecircle.secrets.";

  private PluginCommands() {}

  private static Stream<ToolProvider> all() {
    return ServiceLoader.load(ToolProvider.class).stream()
        .filter(tool -> tool.type().getName().startsWith(OURS))
        .map(ServiceLoader.Provider::get);
  }

  /**
   * Returns the added command that the first argument names. Does not look for one, which takes
   * milliseconds, if that is an option or a command of our own.
   */
  static Optional<ToolProvider> named(String[] args) {
    return args.length == 0 || args[0].startsWith("-") || CommandTable.has(args[0])
        ? Optional.empty()
        : all().filter(tool -> tool.name().equals(args[0])).findFirst();
  }

  /** Runs the command and returns its exit code. */
  static int run(ToolProvider tool, CommandSession session, String[] args) {
    PrintWriter out = new PrintWriter(session.terminal.out(), false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(session.terminal.err(), true, StandardCharsets.UTF_8);
    int code = tool.run(out, err, Arrays.copyOfRange(args, 1, args.length));
    out.flush();
    return code;
  }

  /** Puts the added commands into the help and the completion. */
  static void listIn(CommandLine commandLine) {
    all()
        .forEach(
            tool -> {
              CommandSpec spec = CommandSpec.wrapWithoutInspection(refusal(tool.name()));
              spec.usageMessage().description(summary(tool));
              commandLine.addSubcommand(tool.name(), spec);
            });
  }

  /** The parser gets here only if an option comes before the name. */
  private static Runnable refusal(String name) {
    return () -> {
      throw CommandFailure.usage(
          "Cannot run '"
              + name
              + "' after an option: write its name first. See 'secrets "
              + name
              + " --help'.");
    };
  }

  /** The help is the only text about itself that a {@link ToolProvider} of Java 17 has. */
  private static String summary(ToolProvider tool) {
    StringWriter help = new StringWriter();
    PrintWriter writer = new PrintWriter(help);
    tool.run(writer, writer, "--help");
    return help.toString().lines().findFirst().orElse("");
  }
}
