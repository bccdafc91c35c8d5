package de.lifetimecircle.secrets.operations.text;

/** Escapes texts for HTML. Stateless. */
final class HtmlText {
  private HtmlText() {}

  /** Returns a text for an element or a quoted attribute; replaces what no document may hold. */
  static String of(String text) {
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

  private static boolean isControl(int c) {
    return (c < 0x20 && c != '\n' && c != '\t')
        || (c >= 0x7f && c < 0xa0)
        || (c >= 0xd800 && c <= 0xdfff)
        || (c >= 0x202a && c <= 0x202e) // would turn the direction of the text after it
        || (c >= 0x2066 && c <= 0x2069);
  }
}
