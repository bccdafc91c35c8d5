package de.lifetimecircle.secrets.operations.scan;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the places of a text that deserve a closer look: every sequence of eight bytes of every
 * needle is an anchor.
 *
 * <p>A bit set, small enough for the processor's cache, rejects almost every place with one lookup;
 * the table behind it has the anchors themselves. So a piece of eight bytes is enough to find a
 * value. Immutable once built, except for {@link #wipe}; safe to share.
 */
final class AnchorTable {
  /** The number of bytes of an anchor. */
  static final int SIZE = 8;

  private static final long SPREAD = 0x9E3779B97F4A7C15L;
  private static final int FEWEST_BITS = 16;
  private static final int MOST_BITS = 24;

  final List<SearchPattern> needles;

  /** The bit set, and the shift of a hash for it. */
  final long[] filter;

  final int filterShift;

  private final long[] keys;
  private final int[] heads;
  private final int tableShift;

  /**
   * Three ints for each anchor: the needle, the anchor's end in its text, and the next anchor of
   * the same key.
   */
  private int[] chains = new int[3 * 1024];

  private int size;
  private long[] drafted = new long[1024];

  private AnchorTable(List<SearchPattern> needles) {
    this.needles = List.copyOf(needles);
    for (int i = 0; i < needles.size(); i++) {
      draft(i);
    }
    int bits = 64 - Long.numberOfLeadingZeros(Math.max(1, size));
    int filterBits = Math.min(MOST_BITS, Math.max(FEWEST_BITS, bits + 6));
    filter = new long[1 << (filterBits - 6)];
    filterShift = 64 - filterBits;
    tableShift = 64 - (bits + 1);
    keys = new long[1 << (bits + 1)];
    heads = new int[1 << (bits + 1)];
    for (int i = 0; i < size; i++) {
      link(i);
    }
    Arrays.fill(drafted, 0);
    drafted = new long[0];
  }

  /** Builds the anchors of needles. */
  static AnchorTable of(List<SearchPattern> needles) {
    return new AnchorTable(needles);
  }

  /** Returns the position of a key's bit. */
  static long hash(long key) {
    return key * SPREAD;
  }

  private void draft(int index) {
    SearchPattern needle = needles.get(index);
    draft(index, needle.text);
    switch (needle.form) {
      case HEX -> draftReplaced(index, AnchorTable::upperCase);
      case BASE64 -> draftReplaced(index, AnchorTable::forUrls);
      case TEXT -> {
        if (needle.isBeyondAscii()) {
          draft(index, StandardCharsets.ISO_8859_1);
          draft(index, StandardCharsets.UTF_16LE);
          draft(index, StandardCharsets.UTF_16BE);
        }
      }
    }
  }

  private interface Replacement {
    byte of(byte b);
  }

  private static byte upperCase(byte b) {
    return b >= 'a' ? (byte) (b - 'a' + 'A') : b;
  }

  private static byte forUrls(byte b) {
    return b == '+' ? (byte) '-' : b == '/' ? (byte) '_' : b;
  }

  private void draftReplaced(int index, Replacement replacement) {
    byte[] other = needles.get(index).text.clone();
    for (int i = 0; i < other.length; i++) {
      other[i] = replacement.of(other[i]);
    }
    if (!Arrays.equals(other, needles.get(index).text)) {
      draft(index, other);
    }
    Arrays.fill(other, (byte) 0);
  }

  private void draft(int index, byte[] text) {
    long key = 0;
    for (int i = 0; i < text.length; i++) {
      key = (key << 8) | (text[i] & 0xff);
      if (i + 1 >= SIZE) {
        add(key, index, i + 1);
      }
    }
  }

  /** Adds the anchors of the text in another character set, each at the end of a character. */
  private void draft(int index, Charset charset) {
    String text = new String(needles.get(index).text, StandardCharsets.UTF_8);
    if (!charset.newEncoder().canEncode(text)) {
      return;
    }
    long key = 0;
    int taken = 0;
    int utf8 = 0;
    for (int codePoint : text.codePoints().toArray()) {
      String sign = Character.toString(codePoint);
      for (byte b : sign.getBytes(charset)) {
        key = (key << 8) | (b & 0xff);
        taken++;
      }
      utf8 += sign.getBytes(StandardCharsets.UTF_8).length;
      if (taken >= SIZE) {
        add(key, index, utf8);
      }
    }
  }

  private void add(long key, int index, int end) {
    if (size == drafted.length) {
      drafted = grown(drafted);
      chains = Arrays.copyOf(chains, 6 * size);
    }
    drafted[size] = key;
    chains[3 * size] = index;
    chains[3 * size + 1] = end;
    size++;
  }

  private static long[] grown(long[] old) {
    long[] larger = Arrays.copyOf(old, 2 * old.length);
    Arrays.fill(old, 0);
    return larger;
  }

  private void link(int anchor) {
    long key = drafted[anchor];
    int bit = (int) (hash(key) >>> filterShift);
    filter[bit >>> 6] |= 1L << bit;
    int slot = slot(key);
    if (isKnown(heads[slot], chains[3 * anchor])) {
      return; // a text with the whole needle also has its first anchor of these bytes
    }
    keys[slot] = key;
    chains[3 * anchor + 2] = heads[slot];
    heads[slot] = anchor + 1;
  }

  private boolean isKnown(int first, int needle) {
    int anchor = first;
    while (anchor != 0 && needle(anchor) != needle) {
      anchor = next(anchor);
    }
    return anchor != 0;
  }

  private int slot(long key) {
    int mask = heads.length - 1;
    int slot = (int) (hash(key) >>> tableShift);
    while (heads[slot] != 0 && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** Returns the first anchor of these bytes; 0 if there is none. */
  int first(long key) {
    return heads[slot(key)];
  }

  /** Returns the next anchor of the same bytes; 0 after the last. */
  int next(int anchor) {
    return chains[3 * anchor - 1];
  }

  /** Returns the needle of an anchor. */
  int needle(int anchor) {
    return chains[3 * anchor - 3];
  }

  /** Returns how many bytes of the needle's text end with the anchor. */
  int end(int anchor) {
    return chains[3 * anchor - 2];
  }

  void wipe() {
    Arrays.fill(keys, 0);
    Arrays.fill(filter, 0);
    Arrays.fill(heads, 0);
    needles.forEach(SearchPattern::wipe);
  }
}
