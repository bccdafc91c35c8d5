package de.lifetimecircle.secrets.decision.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what the contract showed from the table that its runs made in the documents. */
final class CapabilityRows {
  private static final String BEGIN = "<!-- capabilities:";

  private CapabilityRows() {}

  /** By participant of the contract, a line a capability; empty where there is no such table. */
  static Map<String, Map<String, String>> read(Path document) {
    List<String> lines;
    try {
      lines = Files.readAllLines(document);
    } catch (IOException e) {
      return Map.of(); // rendered elsewhere than in the repository
    }
    Map<String, Map<String, String>> columns = new LinkedHashMap<>();
    List<String> names = List.of();
    for (String line : lines.stream().dropWhile(l -> !l.startsWith(BEGIN)).skip(1).toList()) {
      if (line.startsWith(BEGIN)) {
        break;
      }
      List<String> cells = cells(line);
      if (names.isEmpty()) {
        names = cells;
        names.stream().skip(1).forEach(name -> columns.put(name, new LinkedHashMap<>()));
      } else if (cells.size() == names.size() && !cells.get(0).startsWith("---")) {
        for (int i = 1; i < cells.size(); i++) {
          columns.getOrDefault(names.get(i), new LinkedHashMap<>()).put(cells.get(0), cells.get(i));
        }
      }
    }
    return columns;
  }

  private static List<String> cells(String line) {
    String inner = line.replaceFirst("^\\|", "").replaceFirst("\\|\\s*$", "");
    return Arrays.stream(inner.split("\\|", -1)).map(String::strip).toList();
  }
}
