package de.lifetimecircle.secrets.operations.scan;

/**
 * Recognises joints, the characters between two lines where a text was split: line ends, also
 * escaped ones, with indentation, quotes, commas and characters of continuations and comments
 * around them.
 */
final class LineJoint {
  /** The longest joint: deep indentation on two sides. */
  static final int LONGEST = 512;

  private static final boolean[] FILLING = new boolean[256];

  static {
    for (char c : " \t\0\"'`+\\,;.&>#*|()[]=-_/".toCharArray()) {
      FILLING[c] = true;
    }
  }

  private LineJoint() {}

  /** Returns whether a joint may begin with this byte. */
  static boolean mayBegin(byte b) {
    return FILLING[b & 0xff] || b == '\n' || b == '\r' || b == '%';
  }

  /**
   * Returns whether a joint may end with this byte, also as the last one of an escaped line end.
   */
  static boolean mayEnd(byte b) {
    return FILLING[b & 0xff] || "\n\rnrADad".indexOf(b) >= 0;
  }

  /**
   * Returns the end of the joint that begins at a position; {@code ~end} of the filling if it has
   * no line end.
   */
  static int after(byte[] text, int at, int end) {
    int limit = Math.min(end, at + LONGEST);
    boolean broken = false;
    int p = at;
    while (p < limit) {
      int lineEnd = lineEnd(text, p, limit);
      if (lineEnd > 0) {
        broken = true;
        p += lineEnd;
      } else if (FILLING[text[p] & 0xff]) {
        p++;
      } else {
        break;
      }
    }
    return broken ? p : ~p;
  }

  /**
   * Returns the beginning of the joint that ends at a position, or {@code ~begin}; see {@link
   * #after}.
   */
  static int before(byte[] text, int at, int begin) {
    int limit = Math.max(begin, at - LONGEST);
    boolean broken = false;
    int p = at;
    while (p > limit) {
      int lineEnd = lineEndBefore(text, p, limit);
      if (lineEnd > 0) {
        broken = true;
        p -= lineEnd;
      } else if (FILLING[text[p - 1] & 0xff]) {
        p--;
      } else {
        break;
      }
    }
    return broken ? p : ~p;
  }

  /** Returns the length of the line end at a position; 0 if there is none. */
  private static int lineEnd(byte[] text, int at, int end) {
    byte b = text[at];
    if (b == '\n' || b == '\r') {
      return 1;
    }
    if (b == '\\' && at + 1 < end && (text[at + 1] == 'n' || text[at + 1] == 'r')) {
      return 2;
    }
    boolean url = b == '%' && at + 2 < end && text[at + 1] == '0' && isLineEnd(text[at + 2]);
    return url ? 3 : 0;
  }

  private static int lineEndBefore(byte[] text, int at, int begin) {
    for (int length = 1; length <= 3 && at - length >= begin; length++) {
      if (lineEnd(text, at - length, at) == length) {
        return length;
      }
    }
    return 0;
  }

  /** Returns whether a byte is the last digit of {@code %0A} or {@code %0D}. */
  private static boolean isLineEnd(byte digit) {
    int lower = digit | 0x20;
    return lower == 'a' || lower == 'd';
  }
}
