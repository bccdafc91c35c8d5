package de.lifetimecircle.secrets.decision.page;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A table. Immutable.
 *
 * @param caption of it
 * @param note in its head: what was real, and what may not be concluded
 * @param heads of the columns
 * @param rows of it, each with a cell for each head
 * @param texts how many columns from the left are text; the others are numbers
 */
public record Table(
    String caption, String note, List<String> heads, List<List<String>> rows, int texts)
    implements PageBlock {

  /**
   * The columns of a table, those of text first: the head of each, and how a row fills it. Not
   * thread-safe.
   *
   * @param <R> the type of a row
   */
  public static final class Columns<R> {
    private final UnaryOperator<String> name;
    private final List<String> heads = new ArrayList<>();
    private final List<Function<R, String>> cells = new ArrayList<>();
    private int texts;

    /** Begins without columns; the operator makes the head of a column of its key. */
    public Columns(UnaryOperator<String> name) {
      this.name = name;
    }

    /** Adds a column of text. */
    public Columns<R> text(String key, Function<R, String> cell) {
      texts++;
      return number(key, cell);
    }

    /** Adds a column of numbers. */
    public Columns<R> number(String key, Function<R, String> cell) {
      return named(name.apply(key), cell);
    }

    /** Adds a column of numbers with a head that is not a key. */
    public Columns<R> named(String head, Function<R, String> cell) {
      heads.add(head);
      cells.add(cell);
      return this;
    }

    /** Fills a table. */
    public Table table(String caption, String note, List<R> rows) {
      return new Table(
          caption,
          note,
          heads,
          rows.stream().map(row -> cells.stream().map(cell -> cell.apply(row)).toList()).toList(),
          texts);
    }
  }

  /** Returns the heads, then the rows, one a line, the first column to the left. */
  public String text() {
    List<List<String>> all = new ArrayList<>(List.of(heads));
    all.addAll(rows);
    StringBuilder text = new StringBuilder();
    for (List<String> row : all) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        int column = i;
        int width = all.stream().mapToInt(each -> each.get(column).length()).max().orElse(0);
        String gap = " ".repeat(width - row.get(i).length());
        line.append(i == 0 ? row.get(i) + gap : gap + row.get(i)).append("  ");
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
