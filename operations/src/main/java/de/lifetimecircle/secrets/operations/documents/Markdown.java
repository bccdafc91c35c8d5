package de.lifetimecircle.secrets.operations.documents;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Formats texts for a page of Markdown. Stateless. */
public final class Markdown {
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
}
