package de.lifetimecircle.secrets.decision.report;

import java.util.List;
import java.util.Locale;

/** Collects the marks of one plot; colours are the page's. Not thread-safe. */
final class PlotDrawing {
  /** Narrow, so that letters stay legible on a telephone. */
  static final int WIDTH = 480;

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

  /** A text; {@code kind} is a class of the style sheet: label, tick, value, or those with end. */
  void text(double x, double y, String kind, String text) {
    body.append(
        String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">", x, y, kind));
    body.append(MarkupEscape.html(text)).append("</text>");
  }

  /** A line of a class of the style sheet: grid, range. */
  void line(double x1, double y1, double x2, double y2, String kind) {
    body.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>",
            x1,
            y1,
            x2,
            y2,
            kind));
  }

  /** A bar of a class of the style sheet: solid, hatched, frame, box. */
  void bar(double x, double y, double width, double height, String kind) {
    body.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" class=\"%s\"/>",
            x,
            y,
            Math.max(0, width),
            height,
            kind));
  }

  /** The form of one participant. */
  void mark(double x, double y, int participant) {
    body.append(
        String.format(
            Locale.ROOT,
            "<path transform=\"translate(%.1f %.1f)\" class=\"mark\" d=\"%s\"/>",
            x,
            y,
            FORMS.get(participant % FORMS.size())));
  }

  /** The forms with their names, as many in a row as fit; the height that they take. */
  int legend(int top, List<String> names) {
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

  /** The lines that the style sheet's class {@code hatched} is filled with. */
  void hatching(String id) {
    body.append("<defs><pattern id=\"")
        .append(id)
        .append("\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\"")
        .append(" patternTransform=\"rotate(45)\"><rect width=\"5\" height=\"5\" class=\"paper\"/>")
        .append("<line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"5\" class=\"hatch\"/></pattern></defs>");
  }

  /** A bar with the lines of {@link #hatching}. */
  void hatchedBar(double x, double y, double width, double height, String id) {
    body.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" class=\"hatched\""
                + " fill=\"url(#%s)\"/>",
            x,
            y,
            Math.max(0, width),
            height,
            id));
  }

  SvgPlot svg(String id, String title, String description, int height) {
    return new SvgPlot(id, title, description, height, body.toString());
  }
}
