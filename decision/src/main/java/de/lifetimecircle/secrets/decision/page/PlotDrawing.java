package de.lifetimecircle.secrets.decision.page;

import de.lifetimecircle.secrets.operations.files.HtmlText;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;

/**
 * Collects the marks of one plot. The kind of a mark is a class of the style sheet, and colours are
 * the page's. Not thread-safe.
 */
public final class PlotDrawing {
  /** Narrow, so that letters stay legible on a telephone. */
  public static final int WIDTH = 480;

  private static final int MARK = 5;
  private static final int LINE = 16;

  /** One form for each participant, so that no colour is needed: paths around the origin. */
  private static final List<String> FORMS =
      List.of(
          "M0-5a5 5 0 1 0 .01 0Z",
          "M-4.5-4.5h9v9h-9Z",
          "M0-5.5 5.5 4.5h-11Z",
          "M0-6 6 0 0 6-6 0Z",
          "M-1.5-5.5h3v4h4v3h-4v4h-3v-4h-4v-3h4Z",
          "M0 5.5-5.5-4.5h11Z",
          "M-5.5-2h11v4h-11Z");

  private final StringBuilder body = new StringBuilder();
  private final Formatter marks = new Formatter(body, Locale.ROOT);

  /** A text: label, tick, value, or those with end. */
  public void text(double x, double y, String kind, String text) {
    String escaped = HtmlText.of(text);
    marks.format("<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">%s</text>", x, y, kind, escaped);
  }

  /** A line: grid, range, thin. */
  public void line(double x1, double y1, double x2, double y2, String kind) {
    marks.format("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"", x1, y1, x2, y2);
    marks.format(" class=\"%s\"/>", kind);
  }

  /** A bar: solid, frame, box. */
  public void bar(double x, double y, double width, double height, String kind) {
    filled(x, y, width, height, kind, "");
  }

  /** A bar with the lines of {@link #hatching}. */
  public void hatchedBar(double x, double y, double width, double height, String id) {
    filled(x, y, width, height, "hatched", " fill=\"url(#" + id + ")\"");
  }

  private void filled(
      double x, double y, double width, double height, String kind, String filling) {
    marks.format("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\"", x, y, Math.max(0, width));
    marks.format(" height=\"%.1f\" class=\"%s\"%s/>", height, kind, filling);
  }

  /** The lines that the style sheet's class {@code hatched} is filled with. */
  public void hatching(String id) {
    marks.format(
        "<defs><pattern id=\"%s\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\""
            + " patternTransform=\"rotate(45)\"><rect width=\"5\" height=\"5\" class=\"paper\"/>"
            + "<line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"5\" class=\"hatch\"/></pattern></defs>",
        id);
  }

  /** The form of one participant. */
  public void mark(double x, double y, int participant) {
    String form = FORMS.get(participant % FORMS.size());
    marks.format("<path transform=\"translate(%.1f %.1f)\" class=\"mark\" d=\"%s\"/>", x, y, form);
  }

  /** The forms with their names, as many in a row as fit; the height that they take. */
  public int legend(int top, List<String> names) {
    double x = MARK;
    int y = top + LINE / 2;
    for (int i = 0; i < names.size(); i++) {
      double width = 2.0 * MARK + 14 + 7.6 * names.get(i).length();
      if (x + width > WIDTH && x > MARK) {
        x = MARK;
        y += LINE + 4;
      }
      mark(x + 1, y, i);
      text(x + MARK + 6, y + 4.5, "tick", names.get(i));
      x += width + 8;
    }
    return y + LINE - top;
  }

  /** Returns the plot. */
  public Plot plot(String id, String title, String description, int height) {
    return new Plot(id, title, description, height, body.toString());
  }
}
