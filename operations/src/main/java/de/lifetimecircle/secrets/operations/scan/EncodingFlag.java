package de.lifetimecircle.secrets.operations.scan;

import java.util.ArrayList;
import java.util.List;

/** A change of a value at the place where it was found. A set of flags is an int. */
enum EncodingFlag {
  /** {@code %41}. */
  URL(1, "URL-encoded"),
  /** <code>&#92;u0041</code>, <code>&#92;x41</code> or a backslash before a sign. */
  ESCAPED(2, "JSON-escaped"),
  /** An ampersand, a name or a number, and a semicolon. */
  HTML(4, "HTML-escaped"),
  /** Two bytes for a character. */
  WIDE(8, "UTF-16"),
  /** One byte for a character beyond ASCII. */
  NARROW(16, "Latin-1"),
  /** Split over several lines. */
  LINES(32, "over several lines"),
  /** {@code =41}. */
  QUOTED_PRINTABLE(64, "quoted-printable"),
  /** More quotes around one of the value, as in SQL, CSV and a shell. */
  QUOTED(128, "with doubled quotes");

  private final int bit;
  private final String word;

  EncodingFlag(int bit, String word) {
    this.bit = bit;
    this.word = word;
  }

  int bit() {
    return bit;
  }

  /** Returns the form and the flags in words. */
  static String words(ValueForm form, int flags) {
    List<String> words = new ArrayList<>();
    boolean disguised = (flags & ~(LINES.bit() | WIDE.bit())) != 0;
    if (form != ValueForm.TEXT || !disguised) {
      words.add(form.word());
    }
    for (EncodingFlag flag : values()) {
      if ((flags & flag.bit()) != 0) {
        words.add(flag.word);
      }
    }
    return String.join(", ", words);
  }
}
