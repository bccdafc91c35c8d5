package de.lifetimecircle.secrets.cli.completion;

import de.lifetimecircle.secrets.cli.completion.CompletionModel.Flag;
import de.lifetimecircle.secrets.cli.completion.CompletionModel.Word;
import de.lifetimecircle.secrets.operations.files.ProgramFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * Writes the scripts by which bash, zsh and fish complete a command line. Their templates are
 * resources; commands, options and fixed words are filled in here, and names of secrets and
 * environments come from {@link CompletionNames}. Stateless.
 */
final class CompletionScripts {
  /** The first line of each script, by which an installed file is known as ours. */
  static final String MARK = "written by 'secrets completion";

  private CompletionScripts() {}

  /** Returns the script for a shell: bash, zsh or fish. */
  static String of(String shell, CommandLine root) {
    CompletionModel model = new CompletionModel(root);
    return shell.equals("fish")
        ? fish(model)
        : template(shell).replace("@tables@", tables(model)); // both read POSIX syntax
  }

  private static String template(String name) {
    return ProgramFile.text(CompletionScripts.class, name + ".template");
  }

  private static String tables(CompletionModel model) {
    Map<String, String> kinds = new LinkedHashMap<>();
    Map<String, String> flags = new LinkedHashMap<>();
    Map<String, String> positionals = new LinkedHashMap<>();
    Map<String, String> aliases = new LinkedHashMap<>();
    options("", model.flags(), kinds);
    for (Word command : model.commands()) {
      String name = command.name();
      options(name, command.flags(), kinds);
      for (Word part : command.parts()) {
        options(name, part.flags(), kinds);
        flags.put(quoted(name, part.name()), words(part.flags()));
        positionals.put(quoted(name, part.name()), part.kind());
      }
      flags.put(quoted(name, "") + "*", words(command.flags()));
      positionals.put(quoted(name, "") + "*", command.first());
      command.words().stream().skip(1).forEach(alias -> aliases.put(alias, name));
    }
    return template("tables")
        .replace("@takes@", cases("    %s) return 0 ;;\n", kinds))
        .replace("@kinds@", cases("    %s) printf %%s '%s'; return ;;\n", kinds))
        .replace("@flags@", cases("      %s) printf %%s '%s' ;;\n", flags))
        .replace("@rootflags@", words(model.flags()))
        .replace(
            "@commands@",
            model.commands().stream()
                .flatMap(each -> each.words().stream())
                .collect(Collectors.joining(" ")))
        .replace("@positionals@", cases("    %s) printf %%s '%s' ;;\n", positionals))
        .replace("@aliases@", cases("    %s) printf %%s %s ;;\n", aliases));
  }

  private static String quoted(String command, String word) {
    return "\"" + command + " " + word + "\"";
  }

  private static String cases(String form, Map<String, String> results) {
    return results.entrySet().stream()
        .map(each -> String.format(Locale.ROOT, form, each.getKey(), each.getValue()))
        .collect(Collectors.joining());
  }

  /** Adds the kinds of the options that take an argument. */
  private static void options(String command, List<Flag> flags, Map<String, String> kinds) {
    for (Flag flag : flags) {
      if (!flag.kind().isEmpty()) {
        kinds.putIfAbsent(
            flag.names().stream()
                .map(name -> quoted(command, name))
                .collect(Collectors.joining(" | ")),
            flag.kind());
      }
    }
  }

  private static String words(List<Flag> flags) {
    return flags.stream().flatMap(flag -> flag.names().stream()).collect(Collectors.joining(" "));
  }

  private static String fish(CompletionModel model) {
    StringBuilder lines = new StringBuilder();
    model.flags().forEach(flag -> lines.append(line("", flag)));
    for (Word command : model.commands()) {
      for (String word : command.words()) {
        lines.append(line(" -n __secrets_is -a " + word + described(command.description())));
      }
      String is = "'" + String.join(" ", command.words()) + "'";
      lines.append(lines(model, " -n \"__secrets_is " + is + "\"", command, command.first()));
      for (Word part : command.parts()) {
        String both = " -n \"__secrets_is " + is + " " + part.name() + "\"";
        lines.append(lines(model, both, part, part.kind()));
      }
    }
    List<Flag> taking = model.flags().stream().filter(flag -> !flag.kind().isEmpty()).toList();
    return template("fish").replace("@rootvalues@", words(taking)).replace("@lines@", lines);
  }

  /** Returns the lines for a command or a part: its own options, and its argument. */
  private static String lines(CompletionModel model, String condition, Word word, String kind) {
    Stream<String> options =
        word.flags().stream()
            .filter(flag -> !model.flags().contains(flag))
            .map(flag -> line(condition, flag));
    String argument =
        switch (kind) {
          case CompletionModel.FILES -> line(condition + " -F");
          case CompletionModel.NONE -> "";
          default -> line(condition + offered(kind));
        };
    return options.collect(Collectors.joining()) + argument;
  }

  private static String line(String condition, Flag flag) {
    String names =
        flag.names().stream()
            .map(name -> name.replaceFirst("^--", " -l ").replaceFirst("^-", " -s "))
            .collect(Collectors.joining());
    String argument =
        switch (flag.kind()) {
          case "" -> "";
          case CompletionModel.FILES -> " -r -F";
          default -> " -x" + offered(flag.kind());
        };
    return line(condition + names + argument + described(flag.description()));
  }

  private static String line(String rest) {
    return "complete -c secrets" + rest + "\n";
  }

  private static String offered(String kind) {
    return switch (kind) {
      case CompletionModel.NONE -> "";
      case CompletionModel.NAMES, CompletionModel.ENVIRONMENTS ->
          " -a '(__secrets_offer " + kind + ")'";
      default -> " -a '" + kind.replace("@names", "(__secrets_offer names)") + "'";
    };
  }

  private static String described(String text) {
    return " -d '" + text + "'";
  }
}
