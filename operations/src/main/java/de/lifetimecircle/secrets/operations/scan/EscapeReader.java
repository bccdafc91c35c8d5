package de.lifetimecircle.secrets.operations.scan;

import java.nio.charset.StandardCharsets;

/**
 * Reads one escape of a URL, of JSON and similar formats, of HTML, or of a mail (quoted-printable).
 * Packs the result into a long, because it runs for every character that may begin an escape.
 *
 * <p>The escape stands for one to four bytes; those of a text beyond ASCII are UTF-8. In UTF-16 a
 * zero is between the characters of the escape.
 */
final class EscapeReader {
  /** There is no escape. */
  static final long NONE = 0;

  /** The characters of the longest escape, a surrogate pair in JSON within JSON. */
  private static final int SIGNS = 13;

  /** The characters of the longest number of an entity, before the semicolon. */
  private static final int LONGEST_NUMBER = 10;

  /** The bytes of the longest escape, in UTF-16 without its last zero. */
  static final int LONGEST = 2 * SIGNS - 1;

  private static final String[] ENTITIES = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
  private static final String ENTITY_SIGNS = "&<>\"'";
  private static final String LETTERS = "bfnrt";
  private static final String CONTROLS = "\b\f\n\r\t";

  private static final byte[] HEX_DIGITS = new byte[128];

  static {
    for (int i = 0; i < HEX_DIGITS.length; i++) {
      HEX_DIGITS[i] = (byte) Character.digit(i, 16);
    }
  }

  private EscapeReader() {}

  /**
   * Returns the escape that begins at a position, also an escaped escape of a URL; {@link #NONE} if
   * there is none.
   */
  static long first(byte[] text, int at, int end) {
    long twice = twice(text, at, end);
    return twice == NONE ? at(text, at, end) : twice;
  }

  /** Returns the escape that begins at a position; {@link #NONE} if there is none. */
  static long at(byte[] text, int at, int end) {
    return switch (text[at]) {
      case '%' -> hexadecimal(text, at, 1, end, EncodingFlag.URL);
      case '=' -> hexadecimal(text, at, 1, end, EncodingFlag.QUOTED_PRINTABLE);
      case '\\' -> backslash(text, at, end);
      case '&' -> entity(text, at, end);
      default -> NONE;
    };
  }

  /** Returns the escape of an escaped {@code %}, as in a URL within a URL. */
  static long twice(byte[] text, int at, int end) {
    boolean doubled = text[at] == '%' && hex(text, at, 1, 2, end) == '%';
    return doubled ? hexadecimal(text, at, 3, end, EncodingFlag.URL) : NONE;
  }

  /** Returns whether an escape may begin with this byte. */
  static boolean mayBegin(byte b) {
    return b == '%' || b == '\\' || b == '&' || b == '=';
  }

  /** Returns whether an escape may end with this byte. */
  static boolean mayEnd(byte b) {
    return b == ';' || LETTERS.indexOf(b) >= 0 || (b > 0 && HEX_DIGITS[b] >= 0);
  }

  /** Returns a byte that stands for itself. */
  static long itself(byte b) {
    return ((b & 0xffL) << 32) | (1 << 8) | 1;
  }

  /** Returns how many bytes of the text the escape takes. */
  static int length(long escape) {
    return (int) (escape & 0xff);
  }

  /** Returns how many bytes it encodes. */
  static int count(long escape) {
    return (int) ((escape >>> 8) & 0xf);
  }

  /** Returns the bit of its flag. */
  static int flag(long escape) {
    return (int) ((escape >>> 16) & 0xff);
  }

  /** Returns one of the bytes that it encodes. */
  static byte value(long escape, int index) {
    return (byte) (escape >>> (32 + 8 * (count(escape) - 1 - index)));
  }

  private static long packed(int bytes, int count, int length, EncodingFlag flag) {
    return ((long) bytes << 32) | ((long) flag.bit() << 16) | ((long) count << 8) | length;
  }

  /** Returns an escape for one byte. */
  private static long raw(int value, int length, EncodingFlag flag) {
    return packed(value, 1, length, flag);
  }

  private static long codePoint(int codePoint, int length, EncodingFlag flag) {
    if (codePoint < 0x80) {
      return raw(codePoint, length, flag);
    }
    byte[] utf8 = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
    int bytes = 0;
    for (byte b : utf8) {
      bytes = (bytes << 8) | (b & 0xff);
    }
    return packed(bytes, utf8.length, length, flag);
  }

  /** Returns two digits as a byte. */
  private static long hexadecimal(byte[] text, int at, int digits, int end, EncodingFlag flag) {
    int value = hex(text, at, digits, 2, end);
    return value < 0 ? NONE : raw(value, length(text, at, digits + 2, end), flag);
  }

  private static long backslash(byte[] text, int at, int end) {
    int letter = sign(text, at, 1, end);
    if (letter == 'u') {
      return unicode(text, at, end);
    }
    if (letter == 'x') {
      return hexadecimal(text, at, 2, end, EncodingFlag.ESCAPED);
    }
    int control = LETTERS.indexOf(letter);
    return control < 0
        ? NONE
        : raw(CONTROLS.charAt(control), length(text, at, 2, end), EncodingFlag.ESCAPED);
  }

  private static long unicode(byte[] text, int at, int end) {
    int first = hex(text, at, 2, 4, end);
    if (first < 0) {
      return NONE;
    }
    if (!Character.isSurrogate((char) first)) {
      return codePoint(first, length(text, at, 6, end), EncodingFlag.ESCAPED);
    }
    int next = sign(text, at, 7, end) == '\\' ? 7 : 6; // one more in JSON within JSON
    boolean more = sign(text, at, next, end) == '\\' && sign(text, at, next + 1, end) == 'u';
    int second = more ? hex(text, at, next + 2, 4, end) : -1;
    if (second < 0 || !Character.isSurrogatePair((char) first, (char) second)) {
      return NONE;
    }
    int codePoint = Character.toCodePoint((char) first, (char) second);
    return codePoint(codePoint, length(text, at, next + 6, end), EncodingFlag.ESCAPED);
  }

  private static long entity(byte[] text, int at, int end) {
    if (sign(text, at, 1, end) == '#') {
      return numbered(text, at, end);
    }
    for (int i = 0; i < ENTITIES.length; i++) {
      if (begins(text, at, end, ENTITIES[i])) {
        int length = length(text, at, ENTITIES[i].length(), end);
        return raw(ENTITY_SIGNS.charAt(i), length, EncodingFlag.HTML);
      }
    }
    return NONE;
  }

  private static boolean begins(byte[] text, int at, int end, String wanted) {
    boolean same = true;
    for (int i = 1; same && i < wanted.length(); i++) {
      same = sign(text, at, i, end) == wanted.charAt(i);
    }
    return same;
  }

  private static long numbered(byte[] text, int at, int end) {
    int letter = sign(text, at, 2, end) | 0x20;
    int radix = letter == 'x' ? 16 : 10;
    int value = 0;
    int digits = letter == 'x' ? 3 : 2;
    int i = digits;
    int digit = Character.digit(sign(text, at, i, end), radix);
    while (i < LONGEST_NUMBER && digit >= 0) {
      value = value * radix + digit;
      digit = Character.digit(sign(text, at, ++i, end), radix);
    }
    boolean whole = i > digits && sign(text, at, i, end) == ';';
    boolean valid = value <= Character.MAX_CODE_POINT && (value < 0xd800 || value > 0xdfff);
    return whole && valid
        ? codePoint(value, length(text, at, i + 1, end), EncodingFlag.HTML)
        : NONE;
  }

  /** Parses hexadecimal digits; returns -1 if they are not. */
  private static int hex(byte[] text, int at, int first, int digits, int end) {
    int value = 0;
    for (int i = first; i < first + digits; i++) {
      int sign = sign(text, at, i, end);
      int digit = sign < 0 ? -1 : HEX_DIGITS[sign];
      if (digit < 0) {
        return -1;
      }
      value = (value << 4) | digit;
    }
    return value;
  }

  /** Returns the distance of the characters of an escape: two in UTF-16, with a zero in between. */
  private static int step(byte[] text, int at, int end) {
    return at + 1 < end && text[at + 1] == 0 ? 2 : 1;
  }

  /** Returns a character of the escape, but not the one it begins with; -1 beyond the text. */
  private static int sign(byte[] text, int at, int index, int end) {
    int step = step(text, at, end);
    int place = at + index * step;
    return place < end && (step == 1 || text[place - 1] == 0) ? text[place] : -1;
  }

  private static int length(byte[] text, int at, int signs, int end) {
    return (signs - 1) * step(text, at, end) + 1;
  }
}
