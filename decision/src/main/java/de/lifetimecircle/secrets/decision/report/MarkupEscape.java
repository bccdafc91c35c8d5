package de.lifetimecircle.secrets.decision.report;

/** Takes every character its meaning in HTML or Markdown. */
final class MarkupEscape {
  private MarkupEscape() {}

  /** Text for an element or a quoted attribute of HTML; what no document may hold is replaced. */
  static String html(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(isControl(c) ? '\uFFFD' : c);
              }
            });
    return out.toString();
  }

  /** Text for a line of Markdown or a cell of a table. */
  static String markdown(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              if (c == '\n' || c == '\r' || c == '\t') {
                out.append(' ');
              } else if (isControl(c)) {
                out.append('\uFFFD');
              } else if (c == '<') {
                out.append("&lt;");
              } else if (c == '&') {
                out.append("&amp;");
              } else {
                out.append("\\`*_[]|#".indexOf(c) >= 0 ? "\\" : "").appendCodePoint(c);
              }
            });
    return out.toString();
  }

  private static boolean isControl(int c) {
    return (c < 0x20 && c != '\n' && c != '\t')
        || (c >= 0x7f && c < 0xa0)
        || (c >= 0xd800 && c <= 0xdfff)
        || (c >= 0x202a && c <= 0x202e) // would turn the direction of the text after it
        || (c >= 0x2066 && c <= 0x2069);
  }
}
