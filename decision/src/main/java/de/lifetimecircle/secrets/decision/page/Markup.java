package de.lifetimecircle.secrets.decision.page;

import java.util.function.IntFunction;

/** Takes every character its meaning in HTML or Markdown. */
public final class Markup {
  private Markup() {}

  /** Text for an element or a quoted attribute of HTML; what no document may hold is replaced. */
  public static String html(String text) {
    return escaped(
        text,
        c ->
            switch (c) {
              case '&' -> "&amp;";
              case '<' -> "&lt;";
              case '>' -> "&gt;";
              case '"' -> "&quot;";
              case '\'' -> "&#39;";
              default -> c == '\r' ? "\uFFFD" : Character.toString(c);
            });
  }

  /** Text for a line of Markdown or a cell of a table. */
  static String markdown(String text) {
    return escaped(
        text,
        c ->
            switch (c) {
              case '\n', '\r', '\t' -> " ";
              case '<' -> "&lt;";
              case '&' -> "&amp;";
              default -> ("\\`*_[]|#".indexOf(c) >= 0 ? "\\" : "") + Character.toString(c);
            });
  }

  private static String escaped(String text, IntFunction<String> escape) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(c -> out.append(isControl(c) ? "\uFFFD" : escape.apply(c)));
    return out.toString();
  }

  private static boolean isControl(int c) {
    return (c < 0x20 && c != '\n' && c != '\r' && c != '\t')
        || (c >= 0x7f && c < 0xa0)
        || (c >= 0xd800 && c <= 0xdfff)
        || (c >= 0x202a && c <= 0x202e) // would turn the direction of the text after it
        || (c >= 0x2066 && c <= 0x2069);
  }
}
