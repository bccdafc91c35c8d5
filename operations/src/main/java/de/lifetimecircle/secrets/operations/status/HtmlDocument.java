package de.lifetimecircle.secrets.operations.status;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Writes one HTML file that needs no other, no script and no network. Escapes every text that it
 * gets. Not thread-safe.
 */
final class HtmlDocument {
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
  }

  /** Words up to this length fit a line of the narrowest column. */
  private static final int SHORT = 24;

  private final StringBuilder out = new StringBuilder();
  private int tables;

  HtmlDocument(String language, String generator, String title) {
    out.append("<!DOCTYPE html>\n<html lang=\"").append(HtmlText.of(language));
    out.append("\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"generator\" content=\"");
    out.append(HtmlText.of(generator)).append("\">\n");
    out.append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';");
    out.append(" style-src 'unsafe-inline'; img-src data:\">\n");
    out.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    // Without it a browser asks for an icon.
    out.append("<link rel=\"icon\" href=\"data:,\">\n");
    out.append("<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    out.append(HtmlText.of(title)).append("</title>\n<style>\n").append(style());
    out.append("</style>\n</head>\n<body>\n");
  }

  private static String style() {
    try (InputStream sheet = HtmlDocument.class.getResourceAsStream("status.css")) {
      return new String(
          Objects.requireNonNull(sheet, "status.css").readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the style of the page", e);
    }
  }

  /** Opens an element; the attributes are constants of the caller. */
  void open(String tag, String attributes) {
    out.append('<').append(tag).append(attributes).append(">\n");
  }

  void close(String tag) {
    out.append("</").append(tag).append(">\n");
  }

  void element(String tag, String attributes, String text) {
    out.append('<').append(tag).append(attributes).append('>').append(HtmlText.of(text));
    close(tag);
  }

  void heading(int level, String id, String text) {
    element("h" + level, " id=\"" + HtmlText.of(id) + "\"", text);
  }

  /** Adds an item of a list: a link to a part of the page, and a text. */
  void item(String target, String link, String text) {
    out.append("<li><a href=\"#").append(HtmlText.of(target)).append("\">");
    out.append(HtmlText.of(link)).append("</a>").append(text.isEmpty() ? "" : ": ");
    out.append(HtmlText.of(text)).append("</li>\n");
  }

  /** Adds a table that the keyboard can reach, because it may scroll. */
  void table(String caption, List<String> heads, List<List<Cell>> rows) {
    String id = "table-" + ++tables;
    out.append("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"");
    out.append(id).append("\">\n<table>\n<caption><span class=\"caption\" id=\"").append(id);
    out.append("\">").append(HtmlText.of(caption)).append("</span></caption>\n<thead><tr>");
    heads.forEach(
        head -> out.append("<th scope=\"col\">").append(HtmlText.of(head)).append("</th>"));
    out.append("</tr></thead>\n<tbody>\n");
    for (List<Cell> row : rows) {
      out.append("<tr>");
      for (int i = 0; i < row.size(); i++) {
        // A narrow screen shows each row as a list, with the head in front of each cell.
        String attributes =
            i == 0 ? " scope=\"row\"" : " data-head=\"" + HtmlText.of(heads.get(i)) + "\"";
        cell(i == 0 ? "th" : "td", attributes, row.get(i));
      }
      out.append("</tr>\n");
    }
    out.append("</tbody>\n</table>\n</div>\n");
  }

  private void cell(String tag, String attributes, Cell cell) {
    out.append('<').append(tag).append(attributes).append('>');
    for (int i = 0; i < cell.lines().size(); i++) {
      String text = HtmlText.of(cell.lines().get(i));
      // A second line explains the first and has no look of its own.
      out.append(i == 0 ? first(cell.look(), text) : "<span class=\"below\">" + text + "</span>");
    }
    out.append("</").append(tag).append('>');
  }

  private static String first(Look look, String text) {
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

  String end() {
    return out.append("</body>\n</html>\n").toString();
  }
}
