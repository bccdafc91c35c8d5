package de.lifetimecircle.secrets.operations.scan;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * Copies a stream and hides values in it, in every encoding that a scan knows, whole and wherever
 * they are; all other bytes pass unchanged. Used by one thread; blocks for both streams.
 *
 * <p>The copy is live. Bytes are held back only while they may be the beginning of a value: eight
 * or more bytes that are one, until more text decides, at most 64 KiB; fewer than eight only until
 * the input pauses. So a writer that pauses within the first seven bytes of a value shows these.
 * The end of a value that the stream's own end cuts off is not hidden, because it is not the value.
 */
public final class StreamRedaction implements AutoCloseable {
  /** More than eight bytes take in the longest escapes, and as far back as a search looks again. */
  private static final int HELD = 256;

  private static final int AGAIN = 16 * 1024;
  private static final int MOST_HELD = 64 * 1024;
  private static final int READ = 512 * 1024;
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long SHORTEST_WAIT = TimeUnit.MICROSECONDS.toNanos(20);
  private static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(5);

  /** The place of a value, counted from the beginning of the stream. */
  private record Span(long from, long to, int value) {}

  private final IntFunction<String> names;
  private final AnchorTable anchors;
  private final ByteSearch search;
  private final List<Span> spans = new ArrayList<>();
  private long hidden;

  /** The number of bytes that were read and written or replaced. */
  private long written;

  /** Begins with these values, which the caller closes afterwards. */
  public StreamRedaction(SoughtValues sought) {
    this(sought.coveringAnchors(), value -> sought.owners(value).get(0).stored());
  }

  private StreamRedaction(AnchorTable anchors, IntFunction<String> names) {
    this.names = names;
    this.anchors = anchors;
    this.search = new ByteSearch(anchors);
  }

  /** Begins with values by their names; those of fewer than eight bytes are not hidden. */
  public static StreamRedaction of(Map<String, byte[]> values) {
    List<String> names = List.copyOf(values.keySet());
    List<Needle> needles = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      byte[] value = values.getOrDefault(names.get(i), new byte[0]);
      needles.addAll(Needle.covering(i, value));
    }
    return new StreamRedaction(new AnchorTable(needles), names::get);
  }

  /**
   * Copies a stream to its end.
   *
   * @return the number of hidden places
   * @throws IOException if a stream fails
   */
  public long copy(InputStream in, OutputStream out) throws IOException {
    search.begin(
        (needle, flags, line) ->
            spans.add(
                new Span(search.base + from(needle), search.base + to(needle), needle.value())));
    spans.clear();
    written = 0;
    hidden = 0;
    int searched = 0;
    boolean ended = false;
    while (!ended) {
      int read = in.read(search.text, search.end, Math.min(READ, search.text.length - search.end));
      ended = read < 0;
      search.end += Math.max(0, read);
      search.sweepAgain(Math.max(0, Math.min(searched, search.cutOffAt)));
      int until = ended ? search.end : Math.min(search.cutOffAt, search.end);
      boolean idle = !ended && in.available() == 0 && pauses(in);
      if (!ended && !idle) {
        until = Math.min(until, search.end - HELD);
      }
      write(Math.max(until, search.end - MOST_HELD), out);
      if (idle || ended) {
        out.flush();
      }
      searched = slide();
    }
    return hidden;
  }

  /** Returns whether nothing arrives for a moment. */
  private static boolean pauses(InputStream in) throws IOException {
    long begin = System.nanoTime();
    long wait = SHORTEST_WAIT; // short at first, because a pipe holds only 64 KiB
    while (in.available() == 0) {
      if (System.nanoTime() - begin > PAUSE || Thread.currentThread().isInterrupted()) {
        return true;
      }
      LockSupport.parkNanos(wait);
      wait = Math.min(2 * wait, LONGEST_WAIT);
    }
    return false;
  }

  /** A Base64 character at the edge holds bits of the value and of its neighbour. */
  private int from(Needle needle) {
    int at = search.foundFrom;
    return needle.mixedBefore() && at > 0 && isBase64(search.text[at - 1]) ? at - 1 : at;
  }

  private int to(Needle needle) {
    int at = search.foundTo;
    boolean more = needle.mixedAfter() && at < search.end && isBase64(search.text[at]);
    return more ? at + 1 : at;
  }

  private static boolean isBase64(byte b) {
    return (b >= 'A' && b <= 'Z')
        || (b >= 'a' && b <= 'z')
        || (b >= '0' && b <= '9')
        || b == '+'
        || b == '/'
        || b == '-'
        || b == '_';
  }

  /** Writes the text up to a position, with a mark in the place of each value. */
  private void write(int until, OutputStream out) throws IOException {
    spans.sort((one, other) -> Long.compare(one.from(), other.from()));
    long limit = search.base + until;
    int done = 0;
    for (Span span : spans) {
      if (span.from() >= limit && span.to() > limit) {
        break;
      }
      done++;
      if (span.to() <= written) {
        continue; // within the one before
      }
      boolean apart = span.from() >= written;
      if (apart) {
        pass(span.from(), out);
        out.write(mark(span));
        hidden++;
      }
      written = Math.max(written, span.to());
    }
    spans.subList(0, done).clear();
    pass(Math.max(written, limit), out);
  }

  private void pass(long until, OutputStream out) throws IOException {
    int from = (int) (written - search.base);
    int to = (int) (Math.min(until, search.base + search.end) - search.base);
    if (to > from) {
      out.write(search.text, from, to - from);
      written += to - from;
    }
  }

  private byte[] mark(Span span) {
    return ("[secret " + names.apply(span.value()) + "]").getBytes(StandardCharsets.UTF_8);
  }

  /** Makes room, and returns where the next search begins. */
  private int slide() {
    int kept = (int) Math.min(written - search.base, Math.max(0, search.end - AGAIN));
    if (search.end > search.text.length - READ) {
      search.discard(kept);
      if (search.cutOffAt != Integer.MAX_VALUE) {
        search.cutOffAt = Math.max(0, search.cutOffAt - kept);
      }
    }
    return Math.max(0, search.end - AGAIN);
  }

  /** Overwrites all forms of the values. */
  @Override
  public void close() {
    anchors.wipe();
    Arrays.fill(search.text, (byte) 0);
  }
}
