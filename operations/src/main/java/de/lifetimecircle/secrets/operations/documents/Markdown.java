package de.lifetimecircle.secrets.operations.documents;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Formats texts for a page of Markdown. Stateless. */
public final class Markdown {
  /** Text that a shell does not change. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@%+,-]+");

  private Markdown() {}

  /** Returns the row of a table; a bar in a cell is escaped. */
  public static String row(String... cells) {
    return Arrays.stream(cells)
        .map(cell -> " " + cell.replace("|", "\\|") + " |")
        .collect(Collectors.joining("", "|", ""));
  }

  /** Returns the text of a person on one line, with Markdown's characters escaped. */
  public static String plain(String text) {
    return text.replaceAll("\\s+", " ").replaceAll("([\\\\`*_\\[\\]<>#])", "\\\\$1").strip();
  }

  /** Returns inline code. */
  public static String code(String text) {
    return "`" + text.replace('`', '\'') + "`";
  }

  /** Returns a program and its arguments, quoted for a shell. */
  public static String shell(List<String> program) {
    return String.join(" ", program.stream().map(Markdown::quoted).toList());
  }

  private static String quoted(String argument) {
    String line = argument.replace('\n', ' ');
    return PLAIN.matcher(line).matches() ? line : "'" + line.replace("'", "'\\''") + "'";
  }
}
