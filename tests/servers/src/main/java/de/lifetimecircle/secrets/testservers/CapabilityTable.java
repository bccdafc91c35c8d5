package de.lifetimecircle.secrets.testservers;

import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.ContractReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * The capabilities of several backends, from the reports of their contract runs: as a table in a
 * document and as JSON for programs, so that neither says more than a run has shown. Stateless.
 */
public final class CapabilityTable {
  private static final String BEGIN = "<!-- capabilities: made from the contract runs -->\n";
  private static final String END = "<!-- capabilities: end -->\n";

  private static final List<String> KEYS =
      List.of("backend", "server", "declared", "maxBytes", "maxName", "retained");

  private CapabilityTable() {}

  /**
   * Writes the table and the JSON, or compares them with the existing files.
   *
   * @param arguments {@code write} or {@code check}, the document, the JSON file, and the reports
   *     in the order of the columns
   */
  @OutsideTheRules
  public static void main(String... arguments) throws IOException {
    if (arguments.length < 4) {
      System.err.println(
          "Usage: CapabilityTable write|check DOCUMENT.md FILE.json REPORT.json ...");
      System.exit(2);
    }
    Path document = Path.of(arguments[1]);
    List<String> reports = new ArrayList<>();
    for (int i = 3; i < arguments.length; i++) {
      reports.add(Files.readString(Path.of(arguments[i])));
    }
    boolean isCheck = arguments[0].equals("check");
    boolean isSame = put(document, replaced(Files.readString(document), of(reports)), isCheck);
    isSame &= put(Path.of(arguments[2]), json(reports), isCheck);
    if (!isSame) {
      System.exit(1);
    }
  }

  /** Writes a file, or says whether it has that content. */
  @OutsideTheRules
  private static boolean put(Path file, String content, boolean isCheck) throws IOException {
    if (!isCheck) {
      Files.writeString(file, content);
    } else if (!Files.readString(file).equals(content)) {
      System.out.println(
          "capabilities: " + file + " differs from the contract runs. Run ./verify capabilities");
      return false;
    }
    return true;
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

  /** The part of these reports that does not change with each test, one line for each report. */
  static String json(List<String> reports) {
    List<String> lines = new ArrayList<>();
    for (Map<?, ?> report : parsed(reports)) {
      Map<String, Object> line = new LinkedHashMap<>();
      for (String key : KEYS) {
        line.put(key, Objects.requireNonNull(report.get(key), key));
      }
      lines.add("  " + Json.write(line));
    }
    return "[\n" + String.join(",\n", lines) + "\n]\n";
  }

  private static List<Map<?, ?>> parsed(List<String> reports) {
    List<Map<?, ?>> parsed = new ArrayList<>();
    reports.forEach(report -> parsed.add((Map<?, ?>) Json.parse(report)));
    return parsed;
  }

  /** The table of these reports, each as {@link ContractReport#json} wrote it. */
  static String of(List<String> reports) {
    List<Map<?, ?>> columns = parsed(reports);
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
