package de.lifetimecircle.secrets.operations.scan;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

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

  final List<Needle> needles;

  /** The bit set, and the shift of a hash for it. */
  final long[] filter;

  final int filterShift;

  /** The bytes of each anchor, at the place of their hash or at the next free one. */
  private final long[] keys;

  /**
   * The needle of each anchor, above the number of bytes of the needle's text that end with it;
   * {@link #FREE} if there is no anchor.
   */
  private final long[] places;

  private static final long FREE = -1;
  private final int tableShift;

  /** Builds the anchors of needles. */
  AnchorTable(List<Needle> needles) {
    this.needles = List.copyOf(needles);
    List<List<Spelling>> spellings = needles.stream().map(AnchorTable::spellings).toList();
    int size = spellings.stream().flatMap(List::stream).mapToInt(Spelling::anchors).sum();
    int bits = 64 - Long.numberOfLeadingZeros(Math.max(1, size));
    int filterBits = Math.min(MOST_BITS, Math.max(FEWEST_BITS, bits + 6));
    filter = new long[1 << (filterBits - 6)];
    filterShift = 64 - filterBits;
    tableShift = 64 - (bits + 1);
    keys = new long[1 << (bits + 1)];
    places = new long[1 << (bits + 1)];
    Arrays.fill(places, FREE);
    for (int i = 0; i < needles.size(); i++) {
      for (Spelling spelling : spellings.get(i)) {
        add(i, spelling);
        spelling.wipe();
      }
    }
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

    /** Returns the greatest number of anchors. */
    int anchors() {
      return Math.max(0, bytes.length - SIZE + 1);
    }

    boolean isSame(Spelling other) {
      return Arrays.equals(bytes, other.bytes) && Arrays.equals(ends, other.ends);
    }

    void wipe() {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** Returns the different spellings of a needle, the plain one first. */
  private static List<Spelling> spellings(Needle needle) {
    List<Spelling> spellings = new ArrayList<>();
    spell(Spelling.of(needle.text().clone()), Spelling.of(needle.lines().clone()), spellings);
    switch (needle.form()) {
      case HEX -> spell(needle, b -> b >= 'a' && b <= 'z' ? b - 'a' + 'A' : b, spellings);
      case BASE64 -> spell(needle, b -> b == '+' ? '-' : b == '/' ? '_' : b, spellings);
      case TEXT -> {
        if (needle.isBeyondAscii()) {
          spell(needle, StandardCharsets.ISO_8859_1, spellings);
          spell(needle, StandardCharsets.UTF_16LE, spellings);
          spell(needle, StandardCharsets.UTF_16BE, spellings);
        }
      }
    }
    return spellings;
  }

  private static void spell(Needle needle, IntUnaryOperator replacement, List<Spelling> spellings) {
    byte[] other = needle.text().clone();
    for (int i = 0; i < other.length; i++) {
      other[i] = (byte) replacement.applyAsInt(other[i]);
    }
    spell(Spelling.of(other), Spelling.of(other.clone()), spellings);
  }

  /** Adds the text in another character set, each at the end of a character. */
  private static void spell(Needle needle, Charset charset, List<Spelling> spellings) {
    String text = new String(needle.text(), StandardCharsets.UTF_8);
    if (charset.newEncoder().canEncode(text)) {
      String lines = new String(needle.lines(), StandardCharsets.UTF_8);
      spell(Spelling.of(text, charset), Spelling.of(lines, charset), spellings);
    }
  }

  /** Adds a text unchanged, and in each way in which a search may fold it. */
  private static void spell(Spelling plain, Spelling lines, List<Spelling> spellings) {
    add(plain, spellings);
    add(lines.folded(TextFold.ALL_LITERAL), spellings);
    int escaping = TextFold.escaping(lines.bytes());
    for (int literal = escaping; literal > 0; literal = (literal - 1) & escaping) {
      add(lines.folded(literal), spellings);
    }
    add(lines.folded(0), spellings);
    lines.wipe();
  }

  /** The same bytes with other ends are another spelling: two orders of UTF-16 may share bytes. */
  private static void add(Spelling spelling, List<Spelling> spellings) {
    if (spellings.stream().noneMatch(spelling::isSame)) {
      spellings.add(spelling);
    } else {
      spelling.wipe();
    }
  }

  private void add(int needle, Spelling spelling) {
    long key = 0;
    for (int i = 0; i < spelling.bytes().length; i++) {
      key = (key << 8) | (spelling.bytes()[i] & 0xff);
      if (i + 1 >= SIZE && spelling.ends()[i] >= 0) {
        add(key, needle, spelling.ends()[i]);
      }
    }
  }

  /** A text with the whole needle also has its first anchor of these bytes; it is the only one. */
  private void add(long key, int needle, int end) {
    int place = first(key);
    while (place >= 0 && needle(place) != needle) {
      place = next(place, key);
    }
    if (place >= 0) {
      return;
    }
    long hash = hash(key);
    filter[(int) (hash >>> filterShift) >>> 6] |= 1L << (hash >>> filterShift);
    int free = (int) (hash >>> tableShift);
    while (places[free] != FREE) {
      free = (free + 1) & (places.length - 1);
    }
    keys[free] = key;
    places[free] = ((long) needle << 32) | end;
  }

  /** Returns the place of the first anchor of these bytes; -1 if there is none. */
  int first(long key) {
    return find((int) (hash(key) >>> tableShift), key);
  }

  /** Returns the place of the next anchor of the same bytes; -1 after the last. */
  int next(int place, long key) {
    return find(place + 1, key);
  }

  private int find(int from, long key) {
    int place = from & (places.length - 1);
    while (places[place] != FREE && keys[place] != key) {
      place = (place + 1) & (places.length - 1);
    }
    return places[place] == FREE ? -1 : place;
  }

  /** Returns the needle of an anchor. */
  int needle(int place) {
    return (int) (places[place] >>> 32);
  }

  /** Returns how many bytes of the needle's text end with the anchor. */
  int end(int place) {
    return (int) places[place];
  }

  void wipe() {
    Arrays.fill(keys, 0);
    Arrays.fill(filter, 0);
    Arrays.fill(places, FREE);
    needles.forEach(Needle::wipe);
  }
}
