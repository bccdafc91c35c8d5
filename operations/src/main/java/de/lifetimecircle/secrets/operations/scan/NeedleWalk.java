package de.lifetimecircle.secrets.operations.scan;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Follows a needle through a text in one direction, from a place where a part of it was found, past
 * escapes, joints and the zeros of UTF-16. If a byte may be part of the value or of a joint, it
 * tries both.
 *
 * <p>A state is the number of matched bytes and the position in the text. Untried states are on a
 * stack, the likeliest on top; none is tried twice, so the work is bounded by the needle and the
 * lengths of joints, and by {@link #MOST_STATES} in any case.
 *
 * <p>Most walks end after a few bytes, because the found part is public, such as the beginning of a
 * URL on a million lines. So the bytes are first compared unchanged; states are tried only at bytes
 * that may have another reading. Used by one thread.
 */
final class NeedleWalk {
  /** The result of {@link #compare} if states must be tried. */
  private static final int UNSURE = -2;

  private static final int MOST_STATES = 1 << 16;

  private final Set<Long> tried = new HashSet<>();
  private long[] open = new long[64];
  private int size;

  private final byte[] text;

  /** The direction: 1 towards the end of the text, -1 towards its beginning. */
  private final int way;

  /** The distance from a position to the next byte in this direction. */
  private final int lag;

  private Needle needle = Needle.NONE;

  /** The text's end in the direction of the walk. */
  private int edge;

  /** The changes of the value along the last successful walk. */
  int flags;

  /**
   * Whether the last walk came to the end of the text, so that more text could change its result.
   */
  boolean isCutOff;

  private NeedleWalk(byte[] text, int way) {
    this.text = text;
    this.way = way;
    this.lag = way > 0 ? 0 : 1;
  }

  /** Returns a walk towards the end of a text. */
  static NeedleWalk forward(byte[] text) {
    return new NeedleWalk(text, 1);
  }

  /** Returns a walk towards the beginning of a text. */
  static NeedleWalk backward(byte[] text) {
    return new NeedleWalk(text, -1);
  }

  /**
   * Follows a needle.
   *
   * @param done how many bytes of its text are before the position
   * @param at the position in the text
   * @param goal {@code done} at the end of the walk
   * @param last the end of the text in this direction
   * @return the position at which the goal is reached, or -1
   */
  int follow(Needle followed, int done, int at, int goal, int last) {
    needle = followed;
    edge = last;
    flags = 0;
    isCutOff = false;
    int place = compare(done, at, goal);
    return place == UNSURE ? walk(done, at, goal) : place;
  }

  private int walk(int done, int at, int goal) {
    tried.clear();
    size = 0;
    push(done, at, 0);
    for (int states = 0; size > 0 && states < MOST_STATES; states++) {
      long state = open[--size];
      int here = (int) (state & 0xffff_ffffL);
      int behind = (int) ((state >>> 32) & 0xff_ffff);
      int sofar = (int) (state >>> 56);
      if (behind == goal) {
        flags = sofar;
        return here;
      }
      isCutOff |= here == edge;
      boolean first = size == 0 || tried.add(state & 0xff_ffff_ffff_ffffL);
      if (first && here != edge) {
        step(behind, here, sofar);
      }
    }
    return -1;
  }

  /**
   * Compares the bytes unchanged. They may have another reading if a trigger is among them or near
   * before their end, or if the first other byte may begin a joint.
   *
   * @return the position at which the goal is reached, -1 if it cannot be reached, or {@link
   *     #UNSURE}
   */
  private int compare(int done, int at, int goal) {
    int p = at;
    int i = done;
    while (i != goal && p != edge && needle.form().same(text[p - lag], needle.text()[i - lag])) {
      p += way;
      i += way;
    }
    if (i == goal) {
      return p;
    }
    isCutOff = p == edge;
    boolean triggered = p != edge && LineJoint.mayBegin(text[p - lag]);
    int until = way > 0 ? Math.min(edge, p + 1) : at;
    int from = way > 0 ? at : Math.max(edge, p - EscapeReader.LONGEST);
    for (int q = from; q < until && !triggered; q++) {
      triggered = isTrigger(text[q]);
    }
    return triggered ? UNSURE : -1;
  }

  /** Returns whether a byte may belong to an escape, a line end or a character of several bytes. */
  private static boolean isTrigger(byte b) {
    return b <= 0 || EscapeReader.mayBegin(b) || b == '\n' || b == '\r';
  }

  /** Pushes every following state, the likeliest last. */
  private void step(int done, int at, int sofar) {
    byte next = text[at - lag];
    int wanted = done - lag;
    isCutOff |= isTrigger(next) && edge - at < EscapeReader.LONGEST; // half of an escape
    if (dropped(next) != 0) {
      push(done, at + way, sofar | dropped(next));
    }
    joint(done, at, sofar);
    beyondAscii(done, at, sofar);
    escapes(done, at, sofar);
    if (isQuote(next) && isBesideQuote(done)) {
      push(done, at + way, sofar | EncodingFlag.QUOTED.bit());
    }
    if (isBlankOfUrl(next, wanted)) {
      push(done + way, at + way, sofar | EncodingFlag.URL.bit());
    }
    if (needle.form().same(next, needle.text()[wanted])) {
      push(done + way, at + way, sofar);
    }
  }

  private void escapes(int done, int at, int sofar) {
    if (way > 0) {
      escape(EscapeReader.twice(text, at, edge), done, at, sofar);
      escape(EscapeReader.at(text, at, edge), done, at, sofar);
    } else if (EscapeReader.mayEnd(text[at - 1])) {
      for (int from = at - 2; from >= Math.max(edge, at - EscapeReader.LONGEST); from--) {
        escape(whole(EscapeReader.twice(text, from, at), at - from), done, at, sofar);
        escape(whole(EscapeReader.at(text, from, at), at - from), done, at, sofar);
      }
    }
  }

  private static long whole(long escape, int length) {
    return EscapeReader.length(escape) == length ? escape : EscapeReader.NONE;
  }

  private void escape(long escape, int done, int at, int sofar) {
    if (escape == EscapeReader.NONE) {
      return;
    }
    int flags = sofar | EscapeReader.flag(escape);
    int after = at + way * EscapeReader.length(escape);
    if (isQuote(escape) && isBesideQuote(done)) {
      push(done, after, flags | EncodingFlag.QUOTED.bit());
    }
    int matched = done + way * EscapeReader.count(escape);
    if (matches(escape, Math.min(done, matched))) {
      push(matched, after, flags);
    }
  }

  private void joint(int done, int at, int sofar) {
    byte next = text[at - lag];
    if (way > 0 ? !LineJoint.mayBegin(next) : !LineJoint.mayEnd(next)) {
      return;
    }
    int end = LineJoint.end(text, at, edge, way);
    isCutOff |= Math.max(end, ~end) == edge; // the value may go on after the rest of the joint
    for (int q = at + way; end >= 0 && q != end + way && q != edge; q += way) {
      if (mayGoOn(text[q - lag], done)) {
        push(done, q, sofar | EncodingFlag.LINES.bit());
      }
    }
  }

  /** Includes the first or last characters of escapes. */
  private boolean mayGoOn(byte b, int done) {
    return needle.form().same(b, needle.text()[done - lag])
        || b <= 0
        || isBlankOfUrl(b, done - lag)
        || (way > 0 ? EscapeReader.mayBegin(b) : EscapeReader.mayEnd(b));
  }

  private void beyondAscii(int done, int at, int sofar) {
    int lead = done - lag;
    while (way < 0 && lead > 0 && (needle.text()[lead] & 0xc0) == 0x80) {
      lead--;
    }
    int codePoint = codePoint(lead);
    int behind = lead + utf8Length(codePoint);
    if (codePoint < 0 || (way < 0 && behind != done)) {
      return;
    }
    int matched = way > 0 ? behind : lead;
    int after = at + way * 2 * Character.charCount(codePoint);
    boolean whole = way > 0 ? after <= edge : after >= edge;
    isCutOff |= !whole; // half of a character of UTF-16
    if (whole && isWide(text, Math.min(at, after), codePoint)) {
      push(matched, after, sofar | EncodingFlag.WIDE.bit());
    }
    if (codePoint == (text[at - lag] & 0xff)) {
      push(matched, at + way, sofar | EncodingFlag.NARROW.bit());
    }
  }

  private void push(int done, int at, int sofar) {
    if (size == open.length) {
      open = Arrays.copyOf(open, 2 * size);
    }
    open[size++] = ((long) sofar << 56) | ((long) done << 32) | at;
  }

  /** Returns whether the bytes of an escape are the next bytes of the needle. */
  private boolean matches(long escape, int from) {
    int count = EscapeReader.count(escape);
    if (from < 0 || from + count > needle.text().length) {
      return false;
    }
    boolean url = EscapeReader.flag(escape) == EncodingFlag.URL.bit();
    for (int i = 0; i < count; i++) {
      byte found = EscapeReader.value(escape, i);
      if (!needle.form().same(found, needle.text()[from + i])
          && !(url && isBlankOfUrl(found, from + i))) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether a byte is the {@code +} of a form for a blank of the needle. */
  private boolean isBlankOfUrl(byte found, int wanted) {
    return found == '+' && needle.text()[wanted] == ' ' && needle.form() == ValueForm.TEXT;
  }

  /** Returns whether an encoder may have added quotes here: beside one of the needle. */
  private boolean isBesideQuote(int done) {
    return (done > 0 && isQuote(needle.text()[done - 1]))
        || (done < needle.text().length && isQuote(needle.text()[done]));
  }

  private static boolean isQuote(byte b) {
    return b == '\'' || b == '"';
  }

  private static boolean isQuote(long escape) {
    return EscapeReader.count(escape) == 1 && isQuote(EscapeReader.value(escape, 0));
  }

  /** Returns the reason why a byte may be skipped; 0 if it may not. */
  private static int dropped(byte b) {
    return b == 0 ? EncodingFlag.WIDE.bit() : b == '\\' ? EncodingFlag.ESCAPED.bit() : 0;
  }

  /** Returns the code point of a character of several bytes in the needle; -1 if there is none. */
  private int codePoint(int from) {
    int lead = needle.text()[from] & 0xff;
    int count = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;
    if (count == 1 || needle.form() != ValueForm.TEXT || from + count > needle.text().length) {
      return -1;
    }
    int codePoint = lead & (0xff >>> (count + 1));
    for (int i = 1; i < count; i++) {
      codePoint = (codePoint << 6) | (needle.text()[from + i] & 0x3f);
    }
    return codePoint;
  }

  /** Returns the number of bytes of a code point in UTF-8. */
  private static int utf8Length(int codePoint) {
    return codePoint < 0x800 ? 2 : codePoint < 0x1_0000 ? 3 : 4;
  }

  /** Returns whether the bytes at a position are a character in UTF-16, in either order. */
  private static boolean isWide(byte[] text, int at, int codePoint) {
    int first = ((text[at] & 0xff) << 8) | (text[at + 1] & 0xff);
    int unit = Character.isBmpCodePoint(codePoint) ? codePoint : Character.highSurrogate(codePoint);
    boolean little = unit == Character.reverseBytes((char) first);
    if (!little && unit != first) {
      return false;
    }
    if (Character.isBmpCodePoint(codePoint)) {
      return true;
    }
    int second = ((text[at + 2] & 0xff) << 8) | (text[at + 3] & 0xff);
    int low = little ? Character.reverseBytes((char) second) : second;
    return low == Character.lowSurrogate(codePoint);
  }
}
