package de.lifetimecircle.secrets.operations.scan;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Searches a stream for all needles in one pass and in constant memory.
 *
 * <p>Two windows of eight bytes move over the text. One has the last bytes unchanged. The other has
 * them folded ({@link TextFold}); it is checked only near the places where it differs. If a window
 * is an anchor of a needle, walks in both directions decide ({@link NeedleWalk}). Lines may be of
 * any length, the text may be binary. Used by one thread.
 */
final class ByteSearch {
  /**
   * The distance of walks from a window: more than any needle takes with usual escapes and joints.
   */
  private static final int MARGIN = 64 * 1024;

  private static final int ROOM = 1024 * 1024;

  /** The windows differ for this many bytes after a folded place. */
  private static final int DIFFERENT = AnchorTable.SIZE;

  private static final boolean[] PLAIN = new boolean[256];

  static {
    for (int i = 0; i < PLAIN.length; i++) {
      PLAIN[i] = !LineJoint.mayBegin((byte) i);
    }
  }

  /** Receives each find. */
  interface Finder {
    /**
     * Reports a needle.
     *
     * @param flags the changes of the value, as a set of {@link EncodingFlag#bit}
     * @param line its first line, starting at 1
     */
    void found(Needle needle, int flags, long line);
  }

  private final AnchorTable anchors;
  final byte[] text = new byte[ROOM + 2 * MARGIN];
  private final NeedleWalk back = NeedleWalk.backward(text);
  private final NeedleWalk ahead = NeedleWalk.forward(text);

  /** The last position of each needle in the stream. */
  private final long[] foundUntil;

  private Finder finder = (needle, flags, line) -> {};
  private boolean foundAny;
  long base;
  int end;

  /** The begin of the first needle that the end of the text cuts off; beyond the text if none. */
  int cutOffAt;

  /** The places of the last needle. */
  int foundFrom;

  int foundTo;

  private long raw;
  private long folded;
  private int different;
  private final TextFold fold = new TextFold(text, 0);

  private long lines;
  private int countedUntil;

  ByteSearch(AnchorTable anchors) {
    this.anchors = anchors;
    this.foundUntil = new long[anchors.needles.size()];
  }

  /**
   * Searches a stream to its end; blocks for it.
   *
   * @throws IOException if the stream cannot be read; earlier finds were reported
   */
  void search(InputStream in, Finder receiver) throws IOException {
    begin(receiver);
    int at = 0;
    boolean ended = false;
    while (!ended) {
      int read = in.readNBytes(text, end, text.length - end);
      end += read;
      ended = end < text.length;
      int until = ended ? end : end - MARGIN;
      sweep(at, until);
      at = slide(until);
    }
  }

  /** Begins to search a text that the caller fills, piece by piece. */
  void begin(Finder receiver) {
    finder = receiver;
    if (foundAny) {
      Arrays.fill(foundUntil, 0);
      foundAny = false;
    }
    base = 0;
    end = 0;
    raw = 0;
    folded = 0;
    different = 0;
    fold.restart(0);
    lines = 1;
    countedUntil = 0;
  }

  /**
   * Searches the text from a position to its present end. Reports no find twice, and remembers a
   * needle that the end cuts off in {@link #cutOffAt}.
   */
  void sweepAgain(int from) {
    raw = 0;
    folded = 0;
    different = DIFFERENT;
    fold.restart(from);
    cutOffAt = Integer.MAX_VALUE;
    sweep(from, end);
  }

  /** Discards the bytes before a position, which becomes 0. */
  void discard(int until) {
    System.arraycopy(text, until, text, 0, end - until);
    base += until;
    end -= until;
    countedUntil = 0;
  }

  /** Discards bytes that are far enough behind and returns where the next sweep begins. */
  private int slide(int swept) {
    int dropped = Math.max(0, swept - MARGIN);
    countLines(dropped);
    countedUntil -= dropped;
    System.arraycopy(text, dropped, text, 0, end - dropped);
    base += dropped;
    end -= dropped;
    fold.move(dropped);
    return swept - dropped;
  }

  private void countLines(int until) {
    long count = 0;
    for (int i = countedUntil; i < until; i++) {
      if (text[i] == '\n') {
        count++;
      }
    }
    lines += count;
    countedUntil = Math.max(countedUntil, until);
  }

  /** Returns the line of a place that may be a little before the last counted one. */
  private long line(int at) {
    countLines(at);
    long after = 0;
    for (int i = at; i < countedUntil; i++) {
      if (text[i] == '\n') {
        after++;
      }
    }
    return lines - after;
  }

  /**
   * Runs the loop that determines the speed of a scan; its state is in local variables for that
   * reason.
   */
  private void sweep(int from, int until) {
    long[] filter = anchors.filter;
    int shift = anchors.filterShift;
    byte[] bytes = text;
    long window = raw;
    int foldedUntil = fold.until;
    for (int p = from; p < until; p++) {
      int b = bytes[p] & 0xff;
      window = (window << 8) | b;
      long bit = AnchorTable.hash(window) >>> shift;
      if (((filter[(int) (bit >>> 6)] >>> bit) & 1) != 0) {
        look(window, p + 1);
      }
      if (p >= foldedUntil) {
        if (PLAIN[b]) {
          folded = (folded << 8) | b;
          if (different > 0) {
            different--;
            lookFolded(p + 1);
          }
        } else {
          fold(p);
          foldedUntil = fold.until;
        }
      }
    }
    raw = window;
  }

  private void fold(int at) {
    long place = fold.read(at, end);
    int count = EscapeReader.count(place);
    if (count != 1 || fold.until != at + 1) {
      different = DIFFERENT + count;
    }
    for (int i = 0; i < count; i++) {
      take(EscapeReader.value(place, i), fold.until);
    }
  }

  private void take(byte b, int after) {
    long before = folded;
    folded = TextFold.with(before, b);
    if (folded != ((before << 8) | (b & 0xff))) {
      different = DIFFERENT;
    }
    if (different > 0 && folded != before) {
      different--;
      lookFolded(after);
    }
  }

  private void lookFolded(int after) {
    long bit = AnchorTable.hash(folded) >>> anchors.filterShift;
    if (((anchors.filter[(int) (bit >>> 6)] >>> bit) & 1) != 0) {
      look(folded, after);
    }
  }

  /**
   * Checks a window: reports a needle if the window is an anchor and the rest of the needle
   * surrounds it.
   */
  private void look(long window, int after) {
    for (int anchor = anchors.first(window); anchor >= 0; anchor = anchors.next(anchor, window)) {
      int index = anchors.needle(anchor);
      if (base + after > foundUntil[index]) {
        follow(index, anchors.end(anchor), after);
      }
    }
  }

  private void follow(int index, int done, int at) {
    Needle needle = anchors.needles.get(index);
    int after = (int) Math.max(0, foundUntil[index] - base);
    int begin = back.follow(needle, done, at, 0, after);
    int finish = begin < 0 ? -1 : ahead.follow(needle, done, at, needle.text().length, end);
    if (begin >= 0 && finish < 0 && ahead.isCutOff) {
      cutOffAt = Math.min(cutOffAt, begin);
    }
    if (finish >= 0) {
      foundFrom = begin;
      foundTo = finish;
      foundUntil[index] = base + finish;
      foundAny = true;
      finder.found(needle, back.flags | ahead.flags, line(begin));
    }
  }
}
