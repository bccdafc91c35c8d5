package de.lifetimecircle.secrets.operations.scan;

import java.nio.charset.StandardCharsets;

/**
 * Reads one escape of a URL, of JSON and similar formats, or of HTML. Packs the result into a long,
 * because it runs for every character that may begin an escape.
 *
 * <p>The escape stands for one to four bytes; those of a text beyond ASCII are UTF-8.
 */
final class EscapeReader {
  /** There is no escape. */
  static final long NONE = 0;

  /** The length of the longest escape, a surrogate pair. */
  static final int LONGEST = 12;

  private static final String[] ENTITIES = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
  private static final String ENTITY_SIGNS = "&<>\"'";
  private static final String LETTERS = "bfnrt";
  private static final String CONTROLS = "\b\f\n\r\t";

  private EscapeReader() {}

  /** Returns the escape that begins at a position; {@link #NONE} if there is none. */
  static long at(byte[] text, int at, int end) {
    return switch (text[at]) {
      case '%' -> {
        int value = hex(text, at + 1, 2, end);
        yield value < 0 ? NONE : raw(value, 3, FindMark.URL);
      }
      case '\\' -> backslash(text, at, end);
      case '&' -> entity(text, at, end);
      default -> NONE;
    };
  }

  /** Returns the escape of an escaped {@code %}, as in a URL within a URL. */
  static long twice(byte[] text, int at, int end) {
    boolean doubled = text[at] == '%' && hex(text, at + 1, 2, end) == '%';
    int value = doubled ? hex(text, at + 3, 2, end) : -1;
    return value < 0 ? NONE : raw(value, 5, FindMark.URL);
  }

  /** Returns how many bytes of the text the escape takes. */
  static int length(long escape) {
    return (int) (escape & 0xff);
  }

  /** Returns how many bytes it encodes. */
  static int count(long escape) {
    return (int) ((escape >>> 8) & 0xf);
  }

  /** Returns the bit of its mark. */
  static int mark(long escape) {
    return (int) ((escape >>> 16) & 0xff);
  }

  /** Returns one of the bytes that it encodes. */
  static byte value(long escape, int index) {
    return (byte) (escape >>> (32 + 8 * (count(escape) - 1 - index)));
  }

  private static long raw(int bytes, int length, FindMark mark) {
    return packed(bytes, 1, length, mark);
  }

  private static long packed(int bytes, int count, int length, FindMark mark) {
    return ((long) bytes << 32) | ((long) mark.bit() << 16) | ((long) count << 8) | length;
  }

  private static long codePoint(int codePoint, int length, FindMark mark) {
    if (codePoint < 0x80) {
      return raw(codePoint, length, mark);
    }
    byte[] utf8 = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
    int bytes = 0;
    for (byte b : utf8) {
      bytes = (bytes << 8) | (b & 0xff);
    }
    return packed(bytes, utf8.length, length, mark);
  }

  private static long backslash(byte[] text, int at, int end) {
    if (at + 1 >= end) {
      return NONE;
    }
    byte letter = text[at + 1];
    if (letter == 'u') {
      return unicode(text, at, end);
    }
    if (letter == 'x') {
      int value = hex(text, at + 2, 2, end);
      return value < 0 ? NONE : raw(value, 4, FindMark.ESCAPED);
    }
    int control = LETTERS.indexOf(letter);
    return control < 0 ? NONE : raw(CONTROLS.charAt(control), 2, FindMark.ESCAPED);
  }

  private static long unicode(byte[] text, int at, int end) {
    int first = hex(text, at + 2, 4, end);
    if (first < 0) {
      return NONE;
    }
    if (!Character.isSurrogate((char) first)) {
      return codePoint(first, 6, FindMark.ESCAPED);
    }
    boolean more = at + 7 < end && text[at + 6] == '\\' && text[at + 7] == 'u';
    int second = more ? hex(text, at + 8, 4, end) : -1;
    if (second < 0 || !Character.isSurrogatePair((char) first, (char) second)) {
      return NONE;
    }
    return codePoint(Character.toCodePoint((char) first, (char) second), 12, FindMark.ESCAPED);
  }

  private static long entity(byte[] text, int at, int end) {
    if (at + 2 < end && text[at + 1] == '#') {
      return numbered(text, at, end);
    }
    for (int i = 0; i < ENTITIES.length; i++) {
      if (begins(text, at, end, ENTITIES[i])) {
        return raw(ENTITY_SIGNS.charAt(i), ENTITIES[i].length(), FindMark.HTML);
      }
    }
    return NONE;
  }

  private static boolean begins(byte[] text, int at, int end, String wanted) {
    boolean same = at + wanted.length() <= end;
    for (int i = 0; same && i < wanted.length(); i++) {
      same = text[at + i] == wanted.charAt(i);
    }
    return same;
  }

  private static long numbered(byte[] text, int at, int end) {
    boolean hex = text[at + 2] == 'x' || text[at + 2] == 'X';
    int radix = hex ? 16 : 10;
    int value = 0;
    int digits = at + (hex ? 3 : 2);
    int p = digits;
    while (p < end && p < at + LONGEST - 2 && Character.digit(text[p], radix) >= 0) {
      value = value * radix + Character.digit(text[p++], radix);
    }
    boolean whole = p > digits && p < end && text[p] == ';';
    boolean valid = value <= Character.MAX_CODE_POINT && (value < 0xd800 || value > 0xdfff);
    return whole && valid ? codePoint(value, p + 1 - at, FindMark.HTML) : NONE;
  }

  /** Parses hexadecimal digits; returns -1 if they are not. */
  private static int hex(byte[] text, int at, int digits, int end) {
    if (at + digits > end) {
      return -1;
    }
    int value = 0;
    for (int i = at; i < at + digits; i++) {
      int digit = Character.digit(text[i], 16);
      if (digit < 0) {
        return -1;
      }
      value = (value << 4) | digit;
    }
    return value;
  }
}
