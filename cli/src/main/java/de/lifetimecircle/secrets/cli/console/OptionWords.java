package de.lifetimecircle.secrets.cli.console;

import de.lifetimecircle.secrets.operations.inventory.Worded;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The words of options that take one of some words: each is a constant of an enum, as {@code
 * hex-upper} is {@code HEX_UPPER}, or the word that the constant has itself. Stateless.
 */
public final class OptionWords {
  private OptionWords() {}

  /** Returns the words that an option of this type takes; none if its type is no enum. */
  public static List<String> of(Class<?> type) {
    return type.isEnum()
        ? Arrays.stream(type.getEnumConstants()).map(each -> of((Enum<?>) each)).toList()
        : List.of();
  }

  /** Returns the word of a constant. */
  public static String of(Enum<?> constant) {
    return constant instanceof Worded worded
        ? worded.word()
        : constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Lets a command and its subcommands convert these words, in upper or lower case. */
  public static void convertIn(CommandLine command) {
    Set<Class<?>> types = new LinkedHashSet<>();
    collect(command.getCommandSpec(), types);
    types.forEach(type -> convert(command, type));
  }

  private static void collect(CommandSpec spec, Set<Class<?>> types) {
    spec.args().stream().map(ArgSpec::type).filter(Class::isEnum).forEach(types::add);
    spec.subcommands().values().forEach(each -> collect(each.getCommandSpec(), types));
  }

  private static <T> void convert(CommandLine command, Class<T> type) {
    command.registerConverter(type, word -> constant(type, word));
  }

  private static <T> T constant(Class<T> type, String word) {
    List<String> words = of(type);
    int at = words.indexOf(word.toLowerCase(Locale.ROOT));
    if (at < 0) {
      throw new UnexpectedArgument(alternatives(words));
    }
    return type.getEnumConstants()[at];
  }

  /** Returns {@code a, b or c}. */
  private static String alternatives(List<String> words) {
    return String.join(", ", words).replaceFirst(", ([^,]*)$", " or $1");
  }
}
