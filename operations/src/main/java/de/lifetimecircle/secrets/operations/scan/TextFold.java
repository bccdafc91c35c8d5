package de.lifetimecircle.secrets.operations.scan;

/**
 * Folds a text to what encoders leave of a value, so that eight bytes of both can be compared:
 * without joints between lines, zeros and backslashes, with escapes decoded, quotes in a row as
 * one, and {@code +} as a blank.
 *
 * <p>The text of a value is folded the same way, because it may itself have what looks like an
 * escape or a joint. Used by one thread.
 */
final class TextFold {
  /** The signs that may begin an escape; a set of them is an int. */
  private static final String ESCAPING = "%=&\\";

  /** Every sign begins no escape, and there are no joints. */
  static final int ALL_LITERAL = (1 << ESCAPING.length()) - 1;

  /** The place stands for nothing. */
  static final long NOTHING = EscapeReader.NONE;

  private final byte[] text;
  private final int literal;
  private int noJointUntil;

  /** The end of the place that was read last. */
  int until;

  /**
   * Begins to fold a text.
   *
   * @param literal the signs that begin no escape, because an encoder has replaced each by an
   *     escape of its own
   */
  TextFold(byte[] text, int literal) {
    this.text = text;
    this.literal = literal;
  }

  /** Returns the signs in the text that may begin an escape. */
  static int escaping(byte[] text) {
    int found = 0;
    for (byte b : text) {
      int sign = ESCAPING.indexOf(b);
      found |= sign < 0 ? 0 : 1 << sign;
    }
    return found;
  }

  /** Begins again at a position. */
  void restart(int at) {
    until = at;
    noJointUntil = at;
  }

  /** Moves with a text whose beginning was discarded. */
  void move(int discarded) {
    until -= discarded;
    noJointUntil -= discarded;
  }

  /**
   * Reads the place at a position, sets {@link #until}, and returns the bytes that it stands for,
   * as an escape.
   */
  long read(int at, int end) {
    byte b = text[at];
    until = at + 1;
    if (b == 0) {
      return NOTHING;
    }
    boolean isEscape = EscapeReader.mayBegin(b) && ((literal >> ESCAPING.indexOf(b)) & 1) == 0;
    long escape = isEscape ? EscapeReader.first(text, at, end) : EscapeReader.NONE;
    if (escape != EscapeReader.NONE && !LineJoint.mayBegin(escape)) {
      until = at + EscapeReader.length(escape);
      return escape;
    }
    if (at >= noJointUntil && literal != ALL_LITERAL) {
      int after = LineJoint.end(text, at, end, 1);
      if (after > at) {
        until = after;
        return NOTHING;
      }
      noJointUntil = ~after;
    }
    if (escape != EscapeReader.NONE) {
      until = at + EscapeReader.length(escape);
      return escape;
    }
    return b == '\\' && isEscape ? NOTHING : EscapeReader.itself(b);
  }

  /** Returns a window with the next byte, folded; the same window if nothing is left of it. */
  static long with(long window, byte b) {
    return switch (b) {
      case 0, '\n', '\r' -> window;
      case '\'', '"' -> (window & 0xff) == '\'' ? window : (window << 8) | '\'';
      case '+' -> (window << 8) | ' ';
      default -> (window << 8) | (b & 0xff);
    };
  }
}
