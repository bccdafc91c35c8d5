package de.lifetimecircle.secrets.cli.console;

import de.lifetimecircle.secrets.cli.console.Paint.Tone;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table of aligned columns that fits 80 columns: a cell that is too long continues on the next
 * line. Not thread-safe.
 */
public final class TextTable {
  private static final int GAP = 2;
  private static final int NARROWEST = 8;

  /** Cells, or one text across all columns. */
  private record Row(Tone tone, List<String> cells, @Nullable String across) {}

  private final List<Row> rows = new ArrayList<>();
  private final int columns;
  private final int margin;

  /** Begins a table with its headings. */
  public TextTable(String... heads) {
    this(0, heads);
  }

  /** Begins a table whose rows are set in by so many columns. */
  public TextTable(int margin, String... heads) {
    this.margin = margin;
    this.columns = heads.length;
    rows.add(new Row(Tone.STRONG, printable(heads), null));
  }

  /** Adds a row; the tone is that of its first cell. */
  public TextTable row(Tone tone, String... cells) {
    if (cells.length != columns) {
      throw new IllegalArgumentException("cells: " + cells.length + " (expected: " + columns + ")");
    }
    rows.add(new Row(tone, printable(cells), null));
    return this;
  }

  /** Adds a text across all columns, which begins where the second column does. */
  public TextTable note(String text) {
    rows.add(new Row(Tone.PLAIN, List.of(), Output.printable(text)));
    return this;
  }

  /** Adds a text across all columns from the very left, as the heading of the rows below it. */
  public TextTable section(String text) {
    rows.add(new Row(Tone.STRONG, List.of(), Output.printable(text)));
    return this;
  }

  private static List<String> printable(String... cells) {
    return Arrays.stream(cells).map(cell -> Output.printable(cell).replace('\n', ' ')).toList();
  }

  /** Returns the lines, with colours if there are any. */
  List<String> lines(Paint paint) {
    int[] widths = widths();
    List<String> lines = new ArrayList<>();
    for (Row row : rows) {
      if (row.across() == null) {
        add(lines, row, widths, paint);
      } else {
        int left = row.tone() == Tone.STRONG ? 0 : margin + widths[0] + GAP;
        for (String line : LineBreaks.cell(row.across(), LineBreaks.WIDTH - left)) {
          lines.add(" ".repeat(left) + paint.word(row.tone(), line));
        }
      }
    }
    return lines;
  }

  /** Narrows the widest column until the table fits, the last of them first. */
  private int[] widths() {
    int[] widths = new int[columns];
    int whole = margin + GAP * (columns - 1);
    for (int i = 0; i < columns; i++) {
      for (Row row : rows) {
        widths[i] = Math.max(widths[i], row.cells().isEmpty() ? 0 : row.cells().get(i).length());
      }
      whole += widths[i];
    }
    for (; whole > LineBreaks.WIDTH; whole--) {
      int widest = columns - 1;
      for (int i = columns - 1; i >= 0; i--) {
        widest = widths[i] > widths[widest] ? i : widest;
      }
      if (widths[widest] <= NARROWEST) {
        break;
      }
      widths[widest]--;
    }
    return widths;
  }

  private void add(List<String> lines, Row row, int[] widths, Paint paint) {
    List<List<String>> cells = new ArrayList<>();
    int height = 1;
    for (int i = 0; i < columns; i++) {
      cells.add(LineBreaks.cell(row.cells().get(i), widths[i]));
      height = Math.max(height, cells.get(i).size());
    }
    for (int line = 0; line < height; line++) {
      StringBuilder text = new StringBuilder(" ".repeat(margin));
      int open = 0; // spaces that only a later cell makes visible
      for (int i = 0; i < columns; i++) {
        String part = line < cells.get(i).size() ? cells.get(i).get(line) : "";
        if (!part.isEmpty()) {
          boolean painted = i == 0 || row.tone() == Tone.STRONG;
          text.append(" ".repeat(open)).append(painted ? paint.word(row.tone(), part) : part);
          open = 0;
        }
        open += widths[i] - part.length() + GAP;
      }
      lines.add(text.toString().stripTrailing());
    }
  }
}
