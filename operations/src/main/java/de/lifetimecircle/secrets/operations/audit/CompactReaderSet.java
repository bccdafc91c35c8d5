package de.lifetimecircle.secrets.operations.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * A set of readers and the times of their first reads, in 32 to 64 bytes a reader instead of the
 * 250 of a map of texts: a reader is the first half of a digest of its name and its secret. At
 * least a quarter of the places is free. Grows by doubling; used by one thread.
 */
final class CompactReaderSet {
  /** Marks a free place; no log has an event of that time. */
  private static final long FREE = Long.MIN_VALUE;

  private static final int WORDS = 3;

  private final MessageDigest digest;
  private long[] places = free(1 << 10);
  private int size;

  CompactReaderSet() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static long[] free(int count) {
    long[] places = new long[count * WORDS];
    Arrays.fill(places, FREE);
    return places;
  }

  /**
   * Adds a reader, or keeps the earlier time of a known one.
   *
   * @return whether the reader is new
   */
  boolean add(String principal, String name, long at) {
    ByteBuffer key = key(principal, name);
    return add(key.getLong(0), key.getLong(Long.BYTES), at);
  }

  private boolean add(long high, long low, long at) {
    int place = place(high, low);
    boolean fresh = places[place + 2] == FREE;
    places[place] = high;
    places[place + 1] = low;
    places[place + 2] = fresh ? at : Math.min(at, places[place + 2]);
    if (fresh && ++size * 4 > places.length / WORDS * 3) {
      grow();
    }
    return fresh;
  }

  boolean contains(String principal, String name) {
    return first(principal, name) != FREE;
  }

  /** Returns the time of the first read in milliseconds; only for a reader that is contained. */
  long first(String principal, String name) {
    ByteBuffer key = key(principal, name);
    return places[place(key.getLong(0), key.getLong(Long.BYTES)) + 2];
  }

  private int place(long high, long low) {
    int count = places.length / WORDS;
    int at = (int) (high & (count - 1));
    while (places[at * WORDS + 2] != FREE
        && (places[at * WORDS] != high || places[at * WORDS + 1] != low)) {
      at = (at + 1) & (count - 1);
    }
    return at * WORDS;
  }

  private void grow() {
    long[] old = places;
    places = free(old.length / WORDS * 2);
    size = 0;
    for (int i = 0; i < old.length; i += WORDS) {
      if (old[i + 2] != FREE) {
        boolean unused = add(old[i], old[i + 1], old[i + 2]);
      }
    }
  }

  private ByteBuffer key(String principal, String name) {
    digest.update(name.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    return ByteBuffer.wrap(digest.digest(principal.getBytes(StandardCharsets.UTF_8)));
  }
}
