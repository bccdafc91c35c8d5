package de.lifetimecircle.secrets.cli.completion;

import de.lifetimecircle.secrets.cli.console.OptionWords;
import de.lifetimecircle.secrets.cli.help.HelpGroup;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

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
   * The kinds of arguments that neither their type nor their label says, by the option or the
   * label, behind its command or for all.
   */
  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("completion SHELL", "install bash zsh fish"),
          Map.entry("diff A", ENVIRONMENTS),
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
      List<String> words, String description, List<Flag> flags, String kind, List<Word> parts) {
    String name() {
      return words.get(0);
    }

    /** Returns what may come first after it: its parts, and what it takes itself. */
    String first() {
      if (parts.isEmpty()) {
        return kind;
      }
      return parts.stream().map(Word::name).collect(Collectors.joining(" "))
          + (kind.equals(NAMES) ? " @names" : "");
    }
  }

  private final String helped;
  private final List<Word> commands;
  private final List<Flag> flags;

  CompletionModel(CommandLine root) {
    CommandSpec spec = root.getCommandSpec();
    helped =
        Stream.concat(visible(spec).map(CommandSpec::name), HelpGroup.words().stream())
            .distinct()
            .collect(Collectors.joining(" "));
    flags = flags("", spec);
    commands = visible(spec).map(each -> word(each.name(), each)).toList();
  }

  /** Returns the visible commands. */
  List<Word> commands() {
    return commands;
  }

  /** Returns the options before a command. */
  List<Flag> flags() {
    return flags;
  }

  private static Stream<CommandSpec> visible(CommandSpec parent) {
    return parent.subcommands().values().stream()
        .distinct()
        .map(CommandLine::getCommandSpec)
        .filter(each -> !each.usageMessage().hidden());
  }

  private Word word(String command, CommandSpec spec) {
    List<String> words = new ArrayList<>(List.of(spec.name()));
    words.addAll(List.of(spec.aliases()));
    return new Word(
        words,
        first(spec.usageMessage().description()),
        flags(command, spec),
        positional(command, spec),
        visible(spec).map(part -> word(command, part)).toList());
  }

  private static List<Flag> flags(String command, CommandSpec spec) {
    return spec.options().stream()
        .filter(option -> !option.hidden())
        .map(
            option ->
                new Flag(
                    List.of(option.names()),
                    option.arity().max() > 0 ? kind(command, option, option.longestName()) : "",
                    first(option.description())))
        .toList();
  }

  private String positional(String command, CommandSpec spec) {
    if (command.equals("help")) {
      return helped;
    }
    return spec.positionalParameters().stream()
        .findFirst()
        .map(argument -> kind(command, argument, argument.paramLabel()))
        .orElse(NONE);
  }

  private static String kind(String command, ArgSpec argument, String name) {
    @Nullable String known = WORDS.getOrDefault(command + " " + name, WORDS.get(name));
    if (known != null) {
      return known;
    }
    if (name.equals("--backend")) {
      return ServiceLoader.load(SecretStoreFactory.class).stream()
          .map(each -> each.get().scheme())
          .sorted()
          .collect(Collectors.joining(" "));
    }
    List<String> words = OptionWords.of(argument.type());
    return words.isEmpty() ? ofLabel(argument.paramLabel()) : String.join(" ", words);
  }

  private static String ofLabel(String label) {
    return switch (label) {
      case "NAME", "OLD", "PREFIX", "NAME=ENVVAR", "NAME[=ENVVAR]" -> NAMES;
      case "FILE", "DIR", "PATH", "FOLDER", "LOG", "COPY", "TARGET", "PROGRAM ARGS", "A", "B" ->
          FILES;
      default -> NONE;
    };
  }

  /** Returns the first sentence, for the list of a shell. */
  private static String first(String... lines) {
    String text = lines.length == 0 ? "" : lines[0];
    int end = text.indexOf(". ");
    String sentence = end < 0 ? text : text.substring(0, end + 1);
    return sentence.replaceAll("[\\s']+", " ").strip();
  }
}
