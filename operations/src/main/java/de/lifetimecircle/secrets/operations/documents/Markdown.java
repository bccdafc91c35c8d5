package de.lifetimecircle.secrets.operations.documents;

import java.util.List;
import java.util.regex.Pattern;

/** Writes a page of Markdown, one block after the other. Used by one thread. */
public final class Markdown {
  /** Text that a shell does not change. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@%+,-]+");

  private final StringBuilder out = new StringBuilder();

  /** Begins an empty page. */
  public Markdown() {}

  /** Adds a line unchanged. */
  public Markdown line(String text) {
    out.append(text).append('\n');
    return this;
  }

  /** Adds a heading, after an empty line. */
  public Markdown heading(int level, String text) {
    return line("").line("#".repeat(level) + " " + plain(text));
  }

  /** Adds a paragraph of Markdown. */
  public Markdown paragraph(String text) {
    return line("").line(text);
  }

  /** Adds a list. */
  public Markdown items(List<String> items) {
    line("");
    items.forEach(item -> line("- " + item));
    return this;
  }

  /** Adds a table of Markdown; a bar in a cell is escaped. */
  public Markdown table(List<String> head, List<List<String>> rows) {
    line("");
    row(head);
    line("|" + " --- |".repeat(head.size()));
    rows.forEach(this::row);
    return this;
  }

  private void row(List<String> cells) {
    out.append('|');
    cells.forEach(cell -> out.append(' ').append(cell.replace("|", "\\|")).append(" |"));
    out.append('\n');
  }

  /** Adds a block of commands, one a line. */
  public Markdown commands(List<String> commands) {
    line("").line("```sh");
    commands.forEach(this::line);
    return line("```");
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

  /** Returns the page so far. */
  @Override
  public String toString() {
    return out.toString();
  }
}
