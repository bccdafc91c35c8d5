package de.lifetimecircle.secrets.operations.scan;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** What programs do to a value on its way into a file, written here without the code under test. */
@SuppressWarnings("ImmutableEnumChecker") // its functions keep nothing
enum Disguise {
  PLAIN("plain", bytes -> bytes),
  BASE64("base64", bytes -> Base64.getEncoder().encode(bytes)),
  BASE64_AFTER_ONE("base64", bytes -> Base64.getEncoder().encode(around("a", bytes, "z"))),
  BASE64_AFTER_TWO("base64", bytes -> Base64.getEncoder().encode(around("ab", bytes, "yz"))),
  BASE64_FOR_URLS("base64", bytes -> Base64.getUrlEncoder().withoutPadding().encode(bytes)),
  BASE64_FOR_URLS_AFTER_TWO(
      "base64", bytes -> Base64.getUrlEncoder().encode(around("ab", bytes, ""))),
  BASE64_AT_64("base64, over several lines", bytes -> wrapped(padded(bytes), 64, "\n")),
  BASE64_AT_76("base64, over several lines", bytes -> wrapped(padded(bytes), 76, "\r\n")),
  BASE64_INDENTED("base64, over several lines", bytes -> wrapped(padded(bytes), 20, "\n      ")),
  HEX("hex", bytes -> ascii(HexFormat.of().formatHex(bytes))),
  HEX_CAPITALS("hex", bytes -> ascii(HexFormat.of().withUpperCase().formatHex(bytes))),
  PERCENT_ALL("URL-encoded", bytes -> ascii(percent(bytes).toUpperCase(Locale.ROOT))),
  PERCENT_ALL_SMALL("URL-encoded", bytes -> ascii(percent(bytes))),
  JSON_ALL("JSON-escaped", bytes -> ascii(unicode(bytes))),
  HTML_ALL("HTML-escaped", bytes -> ascii(entities(bytes))),
  LINES("plain, over several lines", bytes -> wrapped(bytes, 12, "\n")),
  LINES_INDENTED("plain, over several lines", bytes -> wrapped(bytes, 11, "\r\n\t\t  ")),
  STRINGS_JOINED("plain, over several lines", bytes -> wrapped(bytes, 13, "\" +\n      \"")),
  STRINGS_SIDE_BY_SIDE("plain, over several lines", bytes -> wrapped(bytes, 9, "'\n  '")),
  BACKSLASHED("plain, over several lines", bytes -> wrapped(bytes, 16, " \\\n")),
  SMALL_PIECES("plain, over several lines", bytes -> wrapped(bytes, 3, "\n> ")),
  ESCAPED_LINE_ENDS("plain, over several lines", bytes -> wrapped(bytes, 10, "\\n")),
  QUOTED_PRINTABLE("plain, over several lines", bytes -> wrapped(bytes, 15, "=\r\n")),
  UTF_16_LITTLE("plain, UTF-16", bytes -> text(bytes).getBytes(StandardCharsets.UTF_16LE)),
  UTF_16_BIG("plain, UTF-16", bytes -> text(bytes).getBytes(StandardCharsets.UTF_16BE)),
  UTF_16_LINES(
      "plain, UTF-16, over several lines",
      bytes -> text(wrapped(bytes, 10, "\r\n  ")).getBytes(StandardCharsets.UTF_16LE)),
  UTF_16_BASE64(
      "base64, UTF-16",
      bytes -> Base64.getEncoder().encodeToString(bytes).getBytes(StandardCharsets.UTF_16LE));

  /** In which words a find of it is told, where nothing of the value needs more. */
  final String words;

  private final UnaryOperator<byte[]> way;

  Disguise(String words, UnaryOperator<byte[]> way) {
    this.words = words;
    this.way = way;
  }

  byte[] of(byte[] value) {
    return way.apply(value);
  }

  static byte[] around(String before, byte[] bytes, String after) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(before.getBytes(StandardCharsets.UTF_8));
    out.writeBytes(bytes);
    out.writeBytes(after.getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }

  /** Long enough to be wrapped. */
  private static byte[] padded(byte[] bytes) {
    return Base64.getEncoder()
        .encode(around("user:with-a-name-that-fills-the-line:", bytes, ":and-what-is-after-it"));
  }

  static byte[] wrapped(byte[] bytes, int width, String joint) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < bytes.length; i += width) {
      if (i > 0) {
        out.writeBytes(joint.getBytes(StandardCharsets.UTF_8));
      }
      out.write(bytes, i, Math.min(width, bytes.length - i));
    }
    return out.toByteArray();
  }

  private static String percent(byte[] bytes) {
    return HexFormat.of().withPrefix("%").formatHex(bytes);
  }

  private static String unicode(byte[] bytes) {
    StringBuilder out = new StringBuilder();
    text(bytes).chars().forEach(c -> out.append(String.format(Locale.ROOT, "\\u%04x", c)));
    return out.toString();
  }

  private static String entities(byte[] bytes) {
    StringBuilder out = new StringBuilder();
    text(bytes).codePoints().forEach(c -> out.append("&#").append(c).append(';'));
    return out.toString();
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] formEncoded(String value) {
    return ascii(URLEncoder.encode(value, StandardCharsets.UTF_8));
  }
}
