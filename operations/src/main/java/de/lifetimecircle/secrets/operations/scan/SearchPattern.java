package de.lifetimecircle.secrets.operations.scan;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * One value in one form, as it is looked for: without what each text may do to it besides, such as
 * escapes and line ends.
 */
final class SearchPattern {
  /** The shortest that is looked for: shorter texts stand in many files by chance. */
  static final int SHORTEST = 8;

  /** Of a longer value this many bytes from its middle are looked for. */
  static final int LONGEST = 512;

  /** Stands where there is none. */
  static final SearchPattern NONE = new SearchPattern(-1, ValueForm.TEXT, new byte[0]);

  /** Which value it is. */
  final int value;

  final ValueForm form;

  /** Folded as {@link ValueForm#same} wants it. */
  final byte[] text;

  private SearchPattern(int value, ValueForm form, byte[] text) {
    this.value = value;
    this.form = form;
    this.text = text;
  }

  /** All needles of a value; none if it is too short to be told from other text. */
  static List<SearchPattern> of(int value, byte[] bytes) {
    byte[] core = core(bytes);
    byte[] line = withoutLineEnds(core);
    List<SearchPattern> needles = new ArrayList<>();
    if (line.length >= SHORTEST) {
      needles.add(new SearchPattern(value, ValueForm.TEXT, line));
      needles.add(new SearchPattern(value, ValueForm.HEX, ascii(HexFormat.of().formatHex(core))));
      for (int shift = 0; shift < 3; shift++) {
        needles.add(new SearchPattern(value, ValueForm.BASE64, base64(core, shift)));
      }
    }
    Arrays.fill(core, (byte) 0);
    return needles;
  }

  /** Without line ends at its end; of a long value the middle. */
  private static byte[] core(byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
      end--;
    }
    int from = Math.max(0, (end - LONGEST) / 2);
    return Arrays.copyOfRange(bytes, from, Math.min(end, from + LONGEST));
  }

  /** A line end within a value is a joint like any other. */
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
   * The signs that no byte before or after has a part in, where the value begins so many bytes
   * after a group of three.
   */
  private static byte[] base64(byte[] bytes, int shift) {
    byte[] shifted = new byte[shift + bytes.length];
    System.arraycopy(bytes, 0, shifted, shift, bytes.length);
    byte[] encoded = Base64.getEncoder().encode(shifted);
    int from = (8 * shift + 5) / 6;
    return Arrays.copyOfRange(encoded, from, 8 * shifted.length / 6);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Whether its bytes are UTF-8 with more than ASCII in it. */
  boolean isBeyondAscii() {
    boolean ascii = true;
    for (byte b : text) {
      ascii &= b >= 0;
    }
    return form == ValueForm.TEXT && !ascii && isUtf8();
  }

  private boolean isUtf8() {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  void wipe() {
    Arrays.fill(text, (byte) 0);
  }
}
