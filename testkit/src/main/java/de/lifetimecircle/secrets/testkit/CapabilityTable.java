package de.lifetimecircle.secrets.testkit;

import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The capabilities of several backends as one table in Markdown, made from the reports of their
 * contract runs, so that no document says more than a run has shown. Stateless.
 */
public final class CapabilityTable {
  private static final String BEGIN = "<!-- capabilities: made from the contract runs -->\n";
  private static final String END = "<!-- capabilities: end -->\n";

  private CapabilityTable() {}

  /**
   * Puts the table into a document, or compares it with the one that is there.
   *
   * @param arguments {@code write} or {@code check}, the document, and the reports in the order of
   *     the columns
   */
  @OutsideTheRules
  public static void main(String... arguments) throws IOException {
    if (arguments.length < 3) {
      System.err.println("Usage: CapabilityTable write|check DOCUMENT.md REPORT.json ...");
      System.exit(2);
    }
    Path document = Path.of(arguments[1]);
    List<String> reports = new ArrayList<>();
    for (int i = 2; i < arguments.length; i++) {
      reports.add(Files.readString(Path.of(arguments[i])));
    }
    String before = Files.readString(document);
    String after = replaced(before, of(reports));
    if (arguments[0].equals("write")) {
      Files.writeString(document, after);
    } else if (!before.equals(after)) {
      System.out.println(
          "capabilities: "
              + document
              + " says something else than the contract runs. Run ./verify capabilities");
      System.exit(1);
    }
  }

  /**
   * The document with that table between its two marks.
   *
   * @throws IllegalArgumentException if it has no such marks
   */
  static String replaced(String document, String table) {
    int begin = document.indexOf(BEGIN);
    int end = document.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException("document: no marks (expected: " + BEGIN + ")");
    }
    return document.substring(0, begin + BEGIN.length()) + table + document.substring(end);
  }

  /** The table of these reports, each as {@link ContractReport#json} wrote it. */
  static String of(List<String> reports) {
    List<Map<?, ?>> columns = new ArrayList<>();
    reports.forEach(report -> columns.add((Map<?, ?>) Json.parse(report)));
    StringBuilder table = new StringBuilder();
    row(table, "", columns, column -> text(column, "backend"));
    table.append("|---|").append("---|".repeat(columns.size())).append('\n');
    for (Capability capability : Capability.values()) {
      row(table, capability.name(), columns, column -> declares(column, capability));
    }
    row(table, "largest value, bytes", columns, column -> text(column, "maxBytes"));
    row(table, "longest name, characters", columns, column -> text(column, "maxName"));
    row(table, "versions kept, at least", columns, column -> text(column, "retained"));
    row(table, "shown on", columns, column -> text(column, "server"));
    return table.toString();
  }

  private static String declares(Map<?, ?> column, Capability capability) {
    return column.get("declared") instanceof List<?> list && list.contains(capability.name())
        ? "yes"
        : "-";
  }

  private static String text(Map<?, ?> column, String key) {
    return String.valueOf(column.get(key));
  }

  private static void row(
      StringBuilder table, String head, List<Map<?, ?>> columns, Function<Map<?, ?>, String> cell) {
    table.append("| ").append(head).append(" |");
    columns.forEach(column -> table.append(' ').append(cell.apply(column)).append(" |"));
    table.append('\n');
  }
}
