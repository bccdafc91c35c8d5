package de.lifetimecircle.secrets.operations.inventory;

/** Quotes arguments of commands for a POSIX shell. Stateless. */
public final class ShellWord {
  private ShellWord() {}

  /**
   * Returns the text as one word of a shell: unchanged if no character has a meaning there,
   * otherwise in double quotes, because messages put whole commands in single ones. An exclamation
   * mark stands outside of them: an interactive shell would replace it by its history.
   */
  public static String of(String text) {
    return text.matches("[A-Za-z0-9_./:=@,%+-]+")
        ? text
        : '"' + text.replaceAll("([\\\\\"$`])", "\\\\$1").replace("!", "\"\\!\"") + '"';
  }
}
