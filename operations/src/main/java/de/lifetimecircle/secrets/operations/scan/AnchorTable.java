package de.lifetimecircle.secrets.operations.scan;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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

  /**
   * A needle in the bytes of a character set or alphabet.
   *
   * @param ends for each byte, how many bytes of the needle's text end with it; -1 within a
   *     character
   */
  private record Spelling(byte[] bytes, int[] ends) {
    /** Returns the bytes of a text of a needle, from which line ends count for nothing. */
    static Spelling of(byte[] text) {
      int[] ends = new int[text.length];
      int end = 0;
      for (int i = 0; i < text.length; i++) {
        end += text[i] == '\n' || text[i] == '\r' ? 0 : 1;
        ends[i] = end;
      }
      return new Spelling(text, ends);
    }

    /** Returns a text in another character set. */
    static Spelling of(String text, Charset charset) {
      byte[] bytes = text.getBytes(charset);
      int[] ends = new int[bytes.length];
      Arrays.fill(ends, -1);
      int at = 0;
      int end = 0;
      for (int codePoint : text.codePoints().toArray()) {
        String sign = Character.toString(codePoint);
        at += sign.getBytes(charset).length;
        boolean lineEnd = codePoint == '\n' || codePoint == '\r';
        end += lineEnd ? 0 : sign.getBytes(StandardCharsets.UTF_8).length;
        ends[at - 1] = end;
      }
      return new Spelling(bytes, ends);
    }

    /** Returns what a search leaves of the text; see {@link TextFold}. */
    Spelling folded(int literal) {
      TextFold fold = new TextFold(bytes, literal);
      byte[] left = new byte[bytes.length];
      int[] leftEnds = new int[bytes.length];
      int length = 0;
      while (fold.until < bytes.length) {
        long place = fold.read(fold.until, bytes.length);
        for (int i = 0; i < EscapeReader.count(place); i++) {
          long last = length == 0 ? 0 : left[length - 1] & 0xff;
          long longer = TextFold.with(last, EscapeReader.value(place, i));
          if (longer != last) {
            left[length] = (byte) longer;
            leftEnds[length++] = ends[fold.until - 1];
          }
        }
      }
      byte[] exact = Arrays.copyOf(left, length);
      Arrays.fill(left, (byte) 0);
      return new Spelling(exact, Arrays.copyOf(leftEnds, length));
    }

    void wipe() {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private void draft(int index) {
    SearchPattern needle = needles.get(index);
    draft(index, Spelling.of(needle.text), Spelling.of(needle.lines));
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
    Spelling spelling = Spelling.of(other);
    if (!Arrays.equals(other, needles.get(index).text)) {
      draft(index, spelling, spelling);
    }
    spelling.wipe();
  }

  /** Adds the anchors of the text in another character set, each at the end of a character. */
  private void draft(int index, Charset charset) {
    String text = new String(needles.get(index).text, StandardCharsets.UTF_8);
    if (charset.newEncoder().canEncode(text)) {
      String lines = new String(needles.get(index).lines, StandardCharsets.UTF_8);
      Spelling plain = Spelling.of(text, charset);
      Spelling whole = Spelling.of(lines, charset);
      draft(index, plain, whole);
      plain.wipe();
      whole.wipe();
    }
  }

  /** Adds the anchors of a text unchanged, and in each way in which a search may fold it. */
  private void draft(int index, Spelling plain, Spelling lines) {
    List<Spelling> drafts = new ArrayList<>();
    draft(index, plain, drafts);
    draft(index, lines.folded(TextFold.ALL_LITERAL), drafts);
    int escaping = TextFold.escaping(lines.bytes());
    for (int literal = escaping; literal > 0; literal = (literal - 1) & escaping) {
      draft(index, lines.folded(literal), drafts);
    }
    draft(index, lines.folded(0), drafts);
    drafts.subList(1, drafts.size()).forEach(Spelling::wipe);
  }

  private void draft(int index, Spelling spelling, List<Spelling> drafts) {
    boolean known = drafts.stream().anyMatch(d -> Arrays.equals(d.bytes(), spelling.bytes()));
    drafts.add(spelling);
    long key = 0;
    for (int i = 0; i < spelling.bytes().length && !known; i++) {
      key = (key << 8) | (spelling.bytes()[i] & 0xff);
      if (i + 1 >= SIZE && spelling.ends()[i] >= 0) {
        add(key, index, spelling.ends()[i]);
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
