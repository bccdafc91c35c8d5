package de.lifetimecircle.secrets.decision.cost;

import java.util.ArrayList;
import java.util.List;

/** Rows that are laid out under their heads; the first column to the left. Not thread-safe. */
final class AlignedRows {
  private final List<List<String>> rows = new ArrayList<>();

  AlignedRows(String... heads) {
    rows.add(List.of(heads));
  }

  void row(String... cells) {
    if (cells.length != rows.get(0).size()) {
      throw new IllegalArgumentException("cells: " + cells.length);
    }
    rows.add(List.of(cells));
  }

  /** The heads, then the rows, one a line. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        String gap = " ".repeat(width(i) - row.get(i).length());
        line.append(i == 0 ? row.get(i) + gap : gap + row.get(i)).append("  ");
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }
}
