package de.lifetimecircle.secrets.operations.scan;

/**
 * What stands between the end of one line and the beginning of the next where a text was split:
 * line ends, also escaped ones, with indentation, quotes, commas, signs of continuation and of
 * comments round them.
 */
final class LineJoint {
  /** The longest that is looked at: deep indentation on two sides. */
  static final int LONGEST = 512;

  private static final boolean[] FILLING = new boolean[256];

  static {
    for (char c : " \t\0\"'`+\\,;.&>#*|()[]=-_/".toCharArray()) {
      FILLING[c] = true;
    }
  }

  private LineJoint() {}

  /** Whether a joint may begin with this byte. */
  static boolean mayBegin(byte b) {
    return FILLING[b & 0xff] || b == '\n' || b == '\r' || b == '%';
  }

  /** Whether a joint may end with this byte, which may be the last of an escaped line end. */
  static boolean mayEnd(byte b) {
    return FILLING[b & 0xff] || "\n\rnrADad".indexOf(b) >= 0;
  }

  /** The end of the joint that begins there; {@code ~end} of the filling if no line ends in it. */
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

  /** The beginning of the joint that ends there, or {@code ~begin}; see {@link #after}. */
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

  /** How long the line end is that begins there; 0 if none does. */
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

  /** The last digit of {@code %0A} and {@code %0D}. */
  private static boolean isLineEnd(byte digit) {
    int lower = digit | 0x20;
    return lower == 'a' || lower == 'd';
  }
}
