package de.lifetimecircle.secrets.operations.scan;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * A needle: one value in one form, before escapes and line ends that a text may add.
 *
 * @param value the index of the value
 * @param text the text, folded as {@link ValueForm#same} expects, without line ends
 * @param lines the text with its line ends
 * @param mixedBefore whether the character before the text holds bits of the value too, as in
 *     Base64
 * @param mixedAfter whether the character after the text holds bits of the value too
 */
record Needle(
    int value, ValueForm form, byte[] text, byte[] lines, boolean mixedBefore, boolean mixedAfter) {
  /** The shortest needle: shorter texts occur in many files by chance. */
  static final int SHORTEST = 8;

  /** The number of bytes from the middle of a longer value that form the needle. */
  static final int LONGEST = 512;

  /** The absence of a needle. */
  static final Needle NONE = whole(-1, ValueForm.TEXT, new byte[0], new byte[0]);

  private static Needle whole(int value, ValueForm form, byte[] text, byte[] lines) {
    return new Needle(value, form, text, lines, false, false);
  }

  /** Returns all needles of a value; none if it is too short to distinguish it from other text. */
  static List<Needle> of(int value, byte[] bytes) {
    byte[] core = core(bytes);
    byte[] line = withoutLineEnds(core);
    List<Needle> needles = new ArrayList<>();
    if (line.length >= SHORTEST) {
      needles.add(whole(value, ValueForm.TEXT, line, core.clone()));
      byte[] hex = HexFormat.of().formatHex(core).getBytes(StandardCharsets.US_ASCII);
      needles.add(whole(value, ValueForm.HEX, hex, hex));
      for (int shift = 0; shift < 3; shift++) {
        boolean mixedAfter = 8 * (shift + core.length) % 6 != 0;
        byte[] encoded = base64(core, shift);
        needles.add(new Needle(value, ValueForm.BASE64, encoded, encoded, shift > 0, mixedAfter));
      }
    }
    Arrays.fill(core, (byte) 0);
    return needles;
  }

  /**
   * Returns the needles that together cover a whole value: pieces that overlap, where a scan is
   * content with the middle.
   */
  static List<Needle> covering(int value, byte[] bytes) {
    List<Needle> needles = new ArrayList<>();
    int step = LONGEST - 2 * SHORTEST;
    int from = 0;
    do {
      int until = Math.min(bytes.length, from + LONGEST);
      int begin = Math.max(0, Math.min(from, until - 2 * SHORTEST));
      byte[] piece = Arrays.copyOfRange(bytes, begin, until);
      needles.addAll(of(value, piece));
      Arrays.fill(piece, (byte) 0);
      from += step;
    } while (from + 2 * SHORTEST < bytes.length);
    return needles;
  }

  /** Returns the value without line ends at its end, or the middle of a long value. */
  private static byte[] core(byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
      end--;
    }
    int from = Math.max(0, (end - LONGEST) / 2);
    return Arrays.copyOfRange(bytes, from, Math.min(end, from + LONGEST));
  }

  /** Returns the text without line ends, which count as joints. */
  private static byte[] withoutLineEnds(byte[] bytes) {
    byte[] line = new byte[bytes.length];
    int length = 0;
    for (byte b : bytes) {
      if (b != '\n' && b != '\r') {
        line[length++] = b;
      }
    }
    return Arrays.copyOf(line, length);
  }

  /**
   * Returns the Base64 characters that depend only on the value, if it begins a number of bytes
   * after a group of three.
   */
  private static byte[] base64(byte[] bytes, int shift) {
    byte[] shifted = new byte[shift + bytes.length];
    System.arraycopy(bytes, 0, shifted, shift, bytes.length);
    byte[] encoded = Base64.getEncoder().encode(shifted);
    int from = (8 * shift + 5) / 6;
    return Arrays.copyOfRange(encoded, from, 8 * shifted.length / 6);
  }

  /** Returns whether its bytes are UTF-8 with characters beyond ASCII. */
  boolean isBeyondAscii() {
    boolean ascii = true;
    for (byte b : text) {
      ascii &= b >= 0;
    }
    String decoded = new String(text, StandardCharsets.UTF_8);
    boolean whole = Arrays.equals(text, decoded.getBytes(StandardCharsets.UTF_8));
    return form == ValueForm.TEXT && !ascii && whole;
  }

  void wipe() {
    Arrays.fill(text, (byte) 0);
    Arrays.fill(lines, (byte) 0);
  }
}
