package de.lifetimecircle.secrets.operations.files;

import java.util.regex.Pattern;

/** Escapes texts for documents. Stateless. */
public final class HtmlText {
  /** Controls, halves of pairs, and characters that would turn the direction of the text after. */
  private static final Pattern FORBIDDEN =
      Pattern.compile("[\\p{Cc}&&[^\\n\\t]]|\\p{Cs}|[\\x{202a}-\\x{202e}\\x{2066}-\\x{2069}]");

  private HtmlText() {}

  /**
   * Returns a text for an element or a quoted attribute of HTML; replaces what no document may
   * hold.
   */
  public static String of(String text) {
    return allowed(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** Returns a text in which each character that no document may hold is replaced. */
  public static String allowed(String text) {
    return FORBIDDEN.matcher(text).replaceAll("\uFFFD");
  }
}
