package de.lifetimecircle.secrets.operations.status;

import de.lifetimecircle.secrets.operations.files.HtmlText;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A table of the status page. Immutable.
 *
 * @param caption the text above it
 * @param heads the heads of its columns
 * @param rows its rows, with a cell for each column
 */
record StatusTable(String caption, List<String> heads, List<List<Cell>> rows) {
  /** Words up to this length fit a line of the narrowest column. */
  private static final int SHORT = 24;

  /** The way a text is shown; the symbol is for eyes only, because the text says the same. */
  enum Look {
    PLAIN("", ""),
    TEXT("text", ""),
    NAME("name", ""),
    COMMAND("command", ""),
    GOOD("good", "✓"),
    NOTE("note", "●"),
    BAD("bad", "✗");

    private final String style;
    private final String symbol;

    Look(String style, String symbol) {
      this.style = style;
      this.symbol = symbol;
    }
  }

  /**
   * A cell of a table.
   *
   * @param look how it is shown
   * @param lines its texts, one below the other
   */
  record Cell(Look look, List<String> lines) {
    Cell {
      lines = List.copyOf(lines);
    }

    static Cell of(Look look, String... lines) {
      return new Cell(look, List.of(lines));
    }

    static Cell of(String text) {
      return of(Look.PLAIN, text);
    }

    String html() {
      StringBuilder out = new StringBuilder();
      for (int i = 0; i < lines.size(); i++) {
        String text = HtmlText.of(lines.get(i));
        // A second line explains the first and has no look of its own.
        out.append(i == 0 ? first(text) : "<span class=\"below\">" + text + "</span>");
      }
      return out.toString();
    }

    private String first(String text) {
      if (look == Look.PLAIN || text.isEmpty()) {
        return text;
      }
      if (look == Look.NAME || look == Look.COMMAND) {
        String broken = look == Look.NAME ? name(text) : command(text);
        return "<code class=\"" + look.style + "\">" + broken + "</code>";
      }
      String symbol =
          look.symbol.isEmpty() ? "" : "<span aria-hidden=\"true\">" + look.symbol + "</span> ";
      return "<span class=\"" + look.style + "\">" + symbol + text + "</span>";
    }
  }

  /** A name may go on the next line behind a joint. */
  private static String name(String escaped) {
    return escaped.replaceAll("[/_.-]", "$0<wbr>");
  }

  /** Keeps a browser from breaking an option behind its dashes. */
  private static String command(String escaped) {
    return Arrays.stream(escaped.split(" ", -1))
        .map(word -> word.length() > SHORT ? word : "<span class=\"word\">" + word + "</span>")
        .collect(Collectors.joining(" "));
  }
}
