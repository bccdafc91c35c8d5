package de.lifetimecircle.secrets.cli.completion;

import de.lifetimecircle.secrets.cli.console.OptionWords;
import de.lifetimecircle.secrets.cli.help.HelpGroup;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The commands and options, and what each argument may be: {@code names}, {@code environments},
 * {@code files}, {@code none}, or words. Immutable.
 */
final class CompletionModel {
  /** The kind of an argument that names a secret. */
  static final String NAMES = "names";

  static final String ENVIRONMENTS = "environments";
  static final String FILES = "files";
  static final String NONE = "none";

  /**
   * The kinds of arguments that neither the type of the option nor its label says, by command and
   * option or by option.
   */
  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("audit --format", "openbao cloudtrail azure library"),
          Map.entry("--lang", "de en"),
          Map.entry("--mask", "github"),
          Map.entry("--target", "slack"),
          Map.entry("--editor", "vim nvim nano emacs"),
          Map.entry("--delivered-by", NONE),
          Map.entry("export --name", NONE),
          Map.entry("--environment", ENVIRONMENTS));

  /**
   * An option.
   *
   * @param names its names
   * @param kind the kind of its argument; empty if it has none
   * @param description its first sentence
   */
  record Flag(List<String> names, String kind, String description) {}

  /**
   * A command.
   *
   * @param words its name and aliases
   * @param description its first sentence
   * @param flags its options, with those of every command
   * @param kind the kind of its arguments
   * @param parts its subcommands
   */
  record Word(
      List<String> words, String description, List<Flag> flags, String kind, List<Word> parts) {}

  private final List<Word> commands = new ArrayList<>();

  /** The commands and topics that {@code help} explains. */
  private final List<String> helped = new ArrayList<>();

  private final List<Flag> flags;

  CompletionModel(CommandLine root) {
    flags = flags("", root.getCommandSpec());
    for (CommandLine each : new LinkedHashSet<>(root.getSubcommands().values())) {
      CommandSpec spec = each.getCommandSpec();
      if (!spec.usageMessage().hidden()) {
        helped.add(spec.name());
      }
    }
    helped.addAll(HelpGroup.words().stream().filter(topic -> !helped.contains(topic)).toList());
    for (CommandLine each : new LinkedHashSet<>(root.getSubcommands().values())) {
      CommandSpec spec = each.getCommandSpec();
      if (!spec.usageMessage().hidden()) {
        commands.add(word(spec.name(), spec));
      }
    }
  }

  /** Returns the visible commands. */
  List<Word> commands() {
    return commands;
  }

  /** Returns the options before a command. */
  List<Flag> flags() {
    return flags;
  }

  private Word word(String command, CommandSpec spec) {
    List<String> words = new ArrayList<>(List.of(spec.name()));
    words.addAll(List.of(spec.aliases()));
    List<Word> parts = new ArrayList<>();
    spec.subcommands().values().stream()
        .map(CommandLine::getCommandSpec)
        .filter(part -> !part.usageMessage().hidden())
        .forEach(part -> parts.add(word(command, part)));
    return new Word(
        words,
        first(spec.usageMessage().description()),
        flags(command, spec),
        positional(command, spec),
        parts);
  }

  private static List<Flag> flags(String command, CommandSpec spec) {
    List<Flag> flags = new ArrayList<>();
    for (OptionSpec option : spec.options()) {
      if (!option.hidden()) {
        String kind = option.arity().max() > 0 ? kind(command, option) : "";
        flags.add(new Flag(List.of(option.names()), kind, first(option.description())));
      }
    }
    return flags;
  }

  private static String kind(String command, OptionSpec option) {
    String name = option.longestName();
    if (name.equals("--backend")) {
      return schemes();
    }
    String known = WORDS.get(command + " " + name);
    known = known == null ? WORDS.get(name) : known;
    if (known != null) {
      return known;
    }
    List<String> words = OptionWords.of(option.type());
    return words.isEmpty() ? ofLabel(option.paramLabel()) : String.join(" ", words);
  }

  private String positional(String command, CommandSpec spec) {
    if (command.equals("help")) {
      return String.join(" ", helped);
    }
    if (command.equals("ci")) {
      return "github gitlab";
    }
    if (command.equals("completion")) {
      return "install bash zsh fish";
    }
    if (command.equals("diff")) {
      return ENVIRONMENTS;
    }
    List<PositionalParamSpec> all = spec.positionalParameters();
    return all.isEmpty() ? NONE : ofLabel(all.get(0).paramLabel());
  }

  private static String ofLabel(String label) {
    return switch (label) {
      case "NAME", "OLD", "PREFIX", "NAME=ENVVAR", "NAME[=ENVVAR]" -> NAMES;
      case "FILE", "DIR", "PATH", "FOLDER", "LOG", "COPY", "TARGET", "PROGRAM ARGS", "A", "B" ->
          FILES;
      default -> NONE;
    };
  }

  private static String schemes() {
    TreeSet<String> schemes = new TreeSet<>();
    ServiceLoader.load(SecretStoreFactory.class).forEach(each -> schemes.add(each.scheme()));
    return String.join(" ", schemes);
  }

  /** Returns the first sentence, for the list of a shell. */
  private static String first(String... lines) {
    String text = lines.length == 0 ? "" : lines[0];
    int end = text.indexOf(". ");
    String sentence = end < 0 ? text : text.substring(0, end + 1);
    return sentence.replaceAll("[\\s']+", " ").strip();
  }
}
