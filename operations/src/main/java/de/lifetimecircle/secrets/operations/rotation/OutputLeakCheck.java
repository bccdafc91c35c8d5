package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.spi.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Tells whether a text shows a value: unchanged, in Base64 at any alignment, in hex,
 * percent-encoded or as JSON, also split over lines. Stateless.
 */
final class OutputLeakCheck {
  /** Shorter values occur in many texts by chance; generated values are longer. */
  private static final int SHORTEST = 8;

  private OutputLeakCheck() {}

  /** A text in the forms in which values are searched: without blanks, and for three encodings. */
  record Text(String latin, String joined, String upper, String base64, String hex) {
    static Text of(String latin) {
      String joined = latin.replaceAll("\\s", "");
      return new Text(
          latin,
          joined,
          joined.toUpperCase(Locale.ROOT),
          joined.replace('-', '+').replace('_', '/'),
          joined.replaceAll("%|:|,|\\\\x|0x", "").toLowerCase(Locale.ROOT));
    }

    /** A record would show what a hook printed, which may be a value. */
    @Override
    public String toString() {
      return "text of " + latin.length() + " characters";
    }
  }

  /** Returns whether a text, one character for each byte, shows one of the values. */
  static boolean shows(String latin, Collection<SecretValue> values) {
    Text text = Text.of(latin);
    for (SecretValue value : values) {
      byte[] bytes = value.asBytes();
      try {
        if (bytes.length >= SHORTEST
            && (plain(text, bytes) || base64(text.base64(), bytes) || hex(text.hex(), bytes))) {
          return true;
        }
      } finally {
        Arrays.fill(bytes, (byte) 0);
      }
    }
    return false;
  }

  /** Returns whether a text shows a line of one of the values that have several. */
  static boolean showsLine(String latin, Collection<SecretValue> values) {
    List<SecretValue> lines = values.stream().flatMap(OutputLeakCheck::lines).toList();
    boolean shows = shows(latin, lines);
    lines.forEach(SecretValue::close);
    return shows;
  }

  private static Stream<SecretValue> lines(SecretValue value) {
    byte[] bytes = value.asBytes();
    String latin = new String(bytes, StandardCharsets.ISO_8859_1);
    Arrays.fill(bytes, (byte) 0);
    return latin
        .lines()
        .map(line -> SecretValue.of(line.strip().getBytes(StandardCharsets.ISO_8859_1)));
  }

  private static boolean plain(Text text, byte[] bytes) {
    String raw = new String(bytes, StandardCharsets.ISO_8859_1);
    String dense = raw.replaceAll("\\s", "");
    String quoted = Json.write(raw);
    return text.latin().contains(raw)
        || (dense.length() >= SHORTEST && text.joined().contains(dense))
        || text.latin().contains(quoted.substring(1, quoted.length() - 1))
        || text.upper().contains(percent(raw).toUpperCase(Locale.ROOT));
  }

  /** The encoder is for forms, which differs in three characters. */
  private static String percent(String raw) {
    return URLEncoder.encode(raw, StandardCharsets.ISO_8859_1)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  private static boolean base64(String text, byte[] bytes) {
    for (int shift = 0; shift < 3; shift++) {
      byte[] shifted = new byte[shift + bytes.length];
      System.arraycopy(bytes, 0, shifted, shift, bytes.length);
      String encoded = Base64.getEncoder().encodeToString(shifted);
      Arrays.fill(shifted, (byte) 0);
      // Only the characters that depend on nothing but the value's bits.
      int from = shift == 0 ? 0 : shift + 1;
      int until = shifted.length / 3 * 4;
      if (until > from && text.contains(encoded.substring(from, until))) {
        return true;
      }
    }
    return false;
  }

  private static boolean hex(String hex, byte[] bytes) {
    return hex.contains(HexFormat.of().formatHex(bytes));
  }
}
