package de.lifetimecircle.secrets.cli;

import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.SystemTerminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Writes a manual page for {@code secrets} and for each of its commands, from the same text as
 * {@code --help}.
 */
final class ManualPages {
  private final StringBuilder page = new StringBuilder();
  private final String version;

  private ManualPages(String version) {
    this.version = version;
  }

  /** Writes the pages of a version into a folder. */
  public static void main(String[] args) throws IOException {
    CommandLine root = commands();
    Path folder = Path.of(args[1]);
    Files.writeString(folder.resolve("secrets.1"), new ManualPages(args[0]).rootPage(root));
    for (CommandLine command : root.getSubcommands().values()) {
      if (!command.getCommandSpec().usageMessage().hidden()) {
        String name = "secrets-" + command.getCommandName();
        Files.writeString(
            folder.resolve(name + ".1"), new ManualPages(args[0]).page(name, command));
      }
    }
  }

  /** Returns the program with all its commands. */
  static CommandLine commands() {
    CommandSession session = new CommandSession(new SystemTerminal(), Map.of());
    CommandLine root = new CommandLine(new SecretsCommand(session));
    CommandTable.addAllTo(root, session);
    return root;
  }

  private String rootPage(CommandLine root) {
    page("secrets", root);
    page.append(".SH COMMANDS\n");
    for (CommandLine command : root.getSubcommands().values()) {
      if (!command.getCommandSpec().usageMessage().hidden()) {
        page.append(".TP\n.BR secrets\\-")
            .append(escape(command.getCommandName()))
            .append(" (1)\n");
        page.append(escape(command.getCommandSpec().usageMessage().description()[0])).append('\n');
      }
    }
    page.append(".SH EXIT STATUS\n");
    for (ExitCode code : ExitCode.values()) {
      page.append(".TP\n.B ")
          .append(code.code())
          .append('\n')
          .append(escape(code.meaning()))
          .append('\n');
    }
    page.append(
        ".SH SEE ALSO\n.UR https://github.com/lifetimecircle/secrets\nThe documentation\n.UE\n");
    return page.toString();
  }

  private String page(String name, CommandLine command) {
    String summary = command.getCommandSpec().usageMessage().description()[0];
    page.append(".TH ")
        .append(escape(name.toUpperCase(java.util.Locale.ROOT)))
        .append(" 1 \"\" \"secrets ");
    page.append(escape(version)).append("\"\n.SH NAME\n").append(escape(name)).append(" \\- ");
    page.append(escape(summary.replaceFirst("\\.$", ""))).append("\n.SH SYNOPSIS\n");
    synopsis(command);
    page.append(".SH DESCRIPTION\n");
    describe(command.getCommandSpec().usageMessage().description());
    arguments(command.getCommandSpec());
    example(command.getCommandSpec());
    if (!command.getCommandName().equals("secrets")) {
      for (CommandLine part : command.getSubcommands().values()) {
        if (part.getCommandSpec().usageMessage().hidden()) {
          continue;
        }
        page.append(".SH ")
            .append(escape(command.getCommandName() + " " + part.getCommandName()))
            .append('\n');
        synopsis(part);
        page.append(".PP\n");
        describe(part.getCommandSpec().usageMessage().description());
        arguments(part.getCommandSpec());
        example(part.getCommandSpec());
      }
    }
    return page.toString();
  }

  /** The example below the help; the root has a hint there instead. */
  private void example(CommandSpec command) {
    String[] footer = command.usageMessage().footer();
    if (footer.length == 3 && footer[1].equals("Example:")) {
      page.append(".SS Example\n.EX\n").append(escape(footer[2].strip())).append("\n.EE\n");
    }
  }

  private void synopsis(CommandLine command) {
    Help help = new Help(command.getCommandSpec(), Help.defaultColorScheme(Help.Ansi.OFF));
    String line = help.synopsis(0).replaceAll("\\s+", " ").strip();
    page.append(escape(line)).append('\n');
  }

  private void describe(String... lines) {
    for (String line : lines) {
      page.append(escape(line)).append("\n.br\n");
    }
  }

  private void arguments(CommandSpec command) {
    page.append(".SS Options\n");
    for (ArgSpec each : command.positionalParameters()) {
      argument(List.of(each.paramLabel()), "", each);
    }
    for (OptionSpec each : command.options()) {
      argument(List.of(each.names()), each.arity().max() > 0 ? each.paramLabel() : "", each);
    }
  }

  private void argument(List<String> names, String value, ArgSpec argument) {
    if (argument.hidden()) {
      return;
    }
    page.append(".TP\n\\fB").append(escape(String.join(", ", names))).append("\\fR");
    page.append(value.isEmpty() ? "" : " \\fI" + escape(value) + "\\fR").append('\n');
    page.append(escape(String.join(" ", argument.description()))).append('\n');
  }

  /**
   * Text as roff reads it: no dot or quote that starts a request, no backslash, minus signs to
   * copy.
   */
  private static String escape(String text) {
    String plain =
        text.replace("%n", " ").replace("%%", "%").replace("\\", "\\e").replace("-", "\\-");
    return plain.startsWith(".") || plain.startsWith("'") ? "\\&" + plain : plain;
  }
}
