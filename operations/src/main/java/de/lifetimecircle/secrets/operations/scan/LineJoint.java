package de.lifetimecircle.secrets.operations.scan;

/**
 * Recognises joints, the characters between two lines where a text was split: line ends with
 * indentation, quotes, commas and characters of continuations and comments around them, each of
 * them as it is or as an escape.
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
    return FILLING[b & 0xff] || isLineEnd(b) || b == '%';
  }

  /** Returns whether a joint may begin with this escape. */
  static boolean mayBegin(long escape) {
    byte value = EscapeReader.value(escape, 0);
    return EscapeReader.count(escape) == 1 && (FILLING[value & 0xff] || isLineEnd(value));
  }

  /** Returns whether a joint may end with this byte, also as the last one of an escape. */
  static boolean mayEnd(byte b) {
    return FILLING[b & 0xff] || isLineEnd(b) || EscapeReader.mayEnd(b);
  }

  /**
   * Returns the end of the joint at a position, in a direction; {@code ~end} of the filling if it
   * has no line end.
   *
   * @param edge the end of the text in that direction
   * @param way 1 for the joint that begins at the position, -1 for the one that ends there
   */
  static int end(byte[] text, int at, int edge, int way) {
    int limit = way > 0 ? Math.min(edge, at + LONGEST) : Math.max(edge, at - LONGEST);
    boolean broken = false;
    int p = at;
    while (p != limit) {
      int piece = way > 0 ? piece(text, p, limit) : pieceBefore(text, p, limit);
      if (piece == 0) {
        break;
      }
      broken |= piece < 0;
      p += way * Math.abs(piece);
    }
    return broken ? p : ~p;
  }

  /**
   * Returns the length of the filling at a position, escaped or not; less than 0 if it is a line
   * end, 0 if it is neither.
   */
  private static int piece(byte[] text, int at, int end) {
    byte b = text[at];
    int length = 1;
    if (EscapeReader.mayBegin(b)) {
      long escape = EscapeReader.first(text, at, end);
      if (EscapeReader.count(escape) > 1) {
        return 0;
      }
      if (escape != EscapeReader.NONE) {
        b = EscapeReader.value(escape, 0);
        length = EscapeReader.length(escape);
      }
    }
    return isLineEnd(b) ? -length : FILLING[b & 0xff] ? length : 0;
  }

  private static int pieceBefore(byte[] text, int at, int begin) {
    int longest = EscapeReader.mayEnd(text[at - 1]) ? EscapeReader.LONGEST : 1;
    for (int length = Math.min(longest, at - begin); length > 1; length--) {
      int piece = piece(text, at - length, at);
      if (Math.abs(piece) == length) {
        return piece;
      }
    }
    return piece(text, at - 1, at);
  }

  private static boolean isLineEnd(byte b) {
    return b == '\n' || b == '\r';
  }
}
