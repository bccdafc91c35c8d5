package de.lifetimecircle.secrets.operations.inventory;

import java.util.List;
import java.util.stream.Collectors;

/** Quotes arguments of commands for a POSIX shell. Stateless. */
public final class ShellWord {
  /** Text that a shell does not change. */
  private static final String PLAIN = "[A-Za-z0-9_./:=@,%+-]+";

  private ShellWord() {}

  /**
   * Returns the text as one word of a shell: unchanged if no character has a meaning there,
   * otherwise in double quotes, because messages put whole commands in single ones. An exclamation
   * mark stands outside of them: an interactive shell would replace it by its history.
   */
  public static String of(String text) {
    return text.matches(PLAIN)
        ? text
        : '"' + text.replaceAll("([\\\\\"$`])", "\\\\$1").replace("!", "\"\\!\"") + '"';
  }

  /**
   * Returns a program and its arguments on one line for a script or a document, which have no
   * quotes around it: with single quotes where a character has a meaning.
   */
  public static String line(List<String> program) {
    return program.stream()
        .map(argument -> argument.replace('\n', ' '))
        .map(word -> word.matches(PLAIN) ? word : "'" + word.replace("'", "'\\''") + "'")
        .collect(Collectors.joining(" "));
  }
}
