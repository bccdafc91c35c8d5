package de.lifetimecircle.secrets.operations.scan;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every encoding that docs/scan.md names, on values with every class of character: a scan finds
 * each of them, and redact leaves nothing of it. The encoders are written here, without the code
 * under test.
 */
class EncodingsTest {
  /** The classes of characters that some format treats in a way of its own. */
  private static final List<String> SPECIAL =
      List.of(
          "\n", "\r", "\r\n", "\t", "'", "\"", "''", "\"\"", "'\"", "\\", "\\\\", "%", "&", "<",
          ">", "+", " ", "=", "/", "-", "_", "#", ";", ",", "$", "`", "|", ":", "\0", "\b", "\f",
          "\u007f", "ä", "ÿ", "€", "日本", "😀", "%41", "%0A", "=41", "=0A", "&lt;", "&#10;", "\\n",
          "\\u0041", "\\x41", "-\n", "\n-", "=\n", "\"\n'", " \n ", "\n\n");

  /**
   * A way of writing a value.
   *
   * @param able whether the encoding can write the value at all
   */
  private record Encoding(String name, Predicate<String> able, Function<String, byte[]> encoder) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static String each(String value, IntFunction<String> character) {
    StringBuilder out = new StringBuilder();
    value.codePoints().forEach(c -> out.append(character.apply(c)));
    return out.toString();
  }

  private static String units(String value, IntFunction<String> unit) {
    StringBuilder out = new StringBuilder();
    value.chars().forEach(c -> out.append(unit.apply(c)));
    return out.toString();
  }

  private static String bytes(String value, IntFunction<String> one) {
    StringBuilder out = new StringBuilder();
    for (byte b : value.getBytes(UTF_8)) {
      out.append(one.apply(b & 0xff));
    }
    return out.toString();
  }

  private static IntFunction<String> format(String format) {
    return c -> String.format(Locale.ROOT, format, c);
  }

  private static IntFunction<String> some(String special, IntFunction<String> escape) {
    return c ->
        special.indexOf(c) >= 0 || c < 32 || c > 126 ? escape.apply(c) : Character.toString(c);
  }

  private static IntFunction<String> onlyAscii(String special, IntFunction<String> escape) {
    return c -> special.indexOf(c) >= 0 || c < 32 ? escape.apply(c) : Character.toString(c);
  }

  private static String json(String value, IntFunction<String> control) {
    return each(
        value,
        c ->
            switch (c) {
              case '"' -> "\\\"";
              case '\\' -> "\\\\";
              case '\n' -> "\\n";
              case '\r' -> "\\r";
              case '\t' -> "\\t";
              case '\b' -> "\\b";
              case '\f' -> "\\f";
              default -> c < 32 || c == 127 ? control.apply(c) : Character.toString(c);
            });
  }

  private static String json(String value) {
    return json(value, format("\\u%04x"));
  }

  private static String html(String value) {
    return value
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&apos;");
  }

  /** As java.net.URLEncoder, Python's quote_plus and browsers write a form. */
  private static String form(String value) {
    String kept = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.*";
    return bytes(
        value,
        b ->
            kept.indexOf(b) >= 0
                ? Character.toString(b)
                : b == ' ' ? "+" : String.format(Locale.ROOT, "%%%02X", b));
  }

  /** As encodeURI, which leaves what may be part of a URL. */
  private static String uri(String value) {
    String escaped = " \"%<>[\\]^`{|}";
    return bytes(value, some(escaped, format("%%%02X")));
  }

  private static String quotedPrintable(String value, boolean binary) {
    String encoded =
        bytes(
            value,
            b ->
                b == '\n' && !binary
                    ? "\r\n"
                    : b == '=' || b < 32 || b > 126
                        ? String.format(Locale.ROOT, "=%02X", b)
                        : Character.toString(b));
    StringBuilder out = new StringBuilder();
    int line = 0;
    for (int i = 0; i < encoded.length(); ) {
      int length = encoded.charAt(i) == '=' ? 3 : 1;
      if (line + length > 75) {
        out.append("=\r\n");
        line = 0;
      }
      out.append(encoded, i, i + length);
      line = encoded.charAt(i) == '\n' ? 0 : line + length;
      i += length;
    }
    return out.toString();
  }

  /** Puts a joint in the place of each line end; into a value of one line, after six characters. */
  private static String lines(String value, String joint) {
    if (value.contains("\n")) {
      return value.replace("\n", joint);
    }
    int middle = value.offsetByCodePoints(0, 6);
    return value.substring(0, middle) + joint + value.substring(middle);
  }

  /** Writes each character in another way than the one before. */
  private static String mixed(String value) {
    StringBuilder out = new StringBuilder();
    int[] characters = value.codePoints().toArray();
    for (int i = 0; i < characters.length; i++) {
      String one = Character.toString(characters[i]);
      out.append(
          switch (i % 3) {
            case 0 -> "&#" + characters[i] + ";";
            case 1 -> units(one, format("\\u%04x"));
            default -> one.equals("'") || one.equals("\"") ? one + one : one;
          });
    }
    return out.toString();
  }

  private static byte[] around(String before, String value, String after) {
    return Base64.getEncoder().encode((before + value + after).getBytes(UTF_8));
  }

  @SuppressWarnings("unused") // as the other takes it
  private static boolean any(String value) {
    return true;
  }

  private static boolean hasNoNul(String value) {
    return value.indexOf('\0') < 0;
  }

  private static final Map<String, Encoding> ENCODINGS = new LinkedHashMap<>();

  private static void add(String name, Predicate<String> able, Function<String, byte[]> encoder) {
    ENCODINGS.put(name, new Encoding(name, able, encoder));
  }

  private static void text(String name, Predicate<String> able, Function<String, String> encoder) {
    add(name, able, value -> encoder.apply(value).getBytes(UTF_8));
    add(name + ", UTF-16LE", able, value -> encoder.apply(value).getBytes(UTF_16LE));
    add(name + ", UTF-16BE", able, value -> encoder.apply(value).getBytes(UTF_16BE));
  }

  static {
    text("plain", EncodingsTest::any, value -> value);
    add("Latin-1", ISO_8859_1.newEncoder()::canEncode, value -> value.getBytes(ISO_8859_1));
    text(
        "base64",
        EncodingsTest::any,
        value -> Base64.getEncoder().encodeToString(value.getBytes(UTF_8)));
    add("base64 in the middle", EncodingsTest::any, value -> around("ab", value, "cde"));
    add(
        "base64 for URLs",
        EncodingsTest::any,
        v -> Base64.getUrlEncoder().encode(v.getBytes(UTF_8)));
    add(
        "base64 of mails",
        EncodingsTest::any,
        v -> Base64.getMimeEncoder().encode(v.getBytes(UTF_8)));
    text("hex", EncodingsTest::any, value -> HexFormat.of().formatHex(value.getBytes(UTF_8)));
    text(
        "HEX",
        EncodingsTest::any,
        v -> HexFormat.of().withUpperCase().formatHex(v.getBytes(UTF_8)));
    text("URL, every byte", EncodingsTest::any, value -> bytes(value, format("%%%02X")));
    text("url, every byte", EncodingsTest::any, value -> bytes(value, format("%%%02x")));
    text("URL, a form", EncodingsTest::any, EncodingsTest::form);
    text("URL, a URL", EncodingsTest::any, EncodingsTest::uri);
    text("URL, twice", EncodingsTest::any, value -> form(form(value)));
    text("URL, twice, every byte", EncodingsTest::any, value -> bytes(value, format("%%25%02X")));
    text("JSON", EncodingsTest::any, EncodingsTest::json);
    text("JSON, controls by \\x", EncodingsTest::any, value -> json(value, format("\\x%02x")));
    text("JSON, every character", EncodingsTest::any, value -> units(value, format("\\u%04x")));
    text(
        "JSON, every character, capitals",
        EncodingsTest::any,
        value -> units(value, format("\\u%04X")));
    text(
        "JSON, only ASCII",
        EncodingsTest::any,
        value -> units(value, some("\"\\<>&'=", format("\\u%04x"))));
    text(
        "JSON, line ends by number",
        EncodingsTest::any,
        v -> units(v, onlyAscii("\"\\", format("\\u%04x"))));
    text("JSON, slashes", EncodingsTest::any, value -> json(value).replace("/", "\\/"));
    text("JSON within JSON", EncodingsTest::any, value -> json(json(value)));
    text(
        "JSON within JSON, by number",
        EncodingsTest::any,
        v -> json(units(v, some("\"\\", format("\\u%04x")))));
    text("\\x, every byte", EncodingsTest::any, value -> bytes(value, format("\\x%02x")));
    text(
        "\\x, as Python",
        EncodingsTest::any,
        value -> bytes(value, some("'\\", format("\\x%02x"))));
    text("HTML", EncodingsTest::any, EncodingsTest::html);
    text(
        "HTML, line ends by number",
        EncodingsTest::any,
        v -> html(v).replace("\r", "&#13;").replace("\n", "&#10;"));
    text(
        "HTML, line ends by hex",
        EncodingsTest::any,
        v -> html(v).replace("\r", "&#xd;").replace("\n", "&#xa;"));
    text("HTML, every character", EncodingsTest::any, value -> each(value, c -> "&#" + c + ";"));
    text("HTML, every character, hex", EncodingsTest::any, value -> each(value, format("&#x%X;")));
    text("HTML of JSON", EncodingsTest::any, value -> html(json(value)));
    text("shell, '\\''", EncodingsTest::hasNoNul, value -> "'" + value.replace("'", "'\\''") + "'");
    text(
        "shell, '\"'\"'",
        EncodingsTest::hasNoNul,
        value -> "'" + value.replace("'", "'\"'\"'") + "'");
    text(
        "shell, in double quotes",
        EncodingsTest::hasNoNul,
        v -> "\"" + v.replaceAll("([\"\\\\$`])", "\\\\$1") + "\"");
    text(
        "shell within JSON",
        EncodingsTest::hasNoNul,
        value -> json("'" + value.replace("'", "'\\''") + "'"));
    text("SQL", EncodingsTest::hasNoNul, value -> "'" + value.replace("'", "''") + "'");
    text("CSV", EncodingsTest::hasNoNul, value -> "\"" + value.replace("\"", "\"\"") + "\"");
    text("quoted-printable", EncodingsTest::any, value -> quotedPrintable(value, false));
    text("quoted-printable, binary", EncodingsTest::any, value -> quotedPrintable(value, true));
    text("mixed", EncodingsTest::any, EncodingsTest::mixed);
    text("lines, indented", EncodingsTest::any, value -> lines(value, "\n      "));
    text("lines, quoted", EncodingsTest::any, value -> value.replace("\n", "\\n\" +\n    \""));
    text("lines, quoted, commas", EncodingsTest::any, value -> lines(value, "\",\n    \""));
    text("lines, commas", EncodingsTest::any, value -> lines(value, ",\n"));
    text("lines, backslashes", EncodingsTest::any, value -> lines(value, " \\\n"));
    text("lines, comments, #", EncodingsTest::any, value -> lines(value, "\n# "));
    text("lines, comments, //", EncodingsTest::any, value -> lines(value, "\n// "));
    text("lines, comments, *", EncodingsTest::any, value -> lines(value, "\n * "));
    text("lines of mails", EncodingsTest::any, value -> lines(value, "=\r\n"));
    text("lines, JSON", EncodingsTest::any, value -> lines(value, "\\n"));
  }

  private static Stream<Encoding> encodings() {
    return ENCODINGS.values().stream();
  }

  /** Values that have each special character in the middle, at both ends, once and often. */
  private static List<String> values() {
    List<String> values = new ArrayList<>();
    for (String special : SPECIAL) {
      values.add("Abcd" + special + "efgh2345"); // the shortest that have eight others
      values.add("Qw3rtyUi" + special + "Zx9cvBnm");
      values.add("Qw3rtyUiop" + special + special + "Zx9cvBnm12");
      values.add(special + "Qw3rtyUiop2" + special + "Zx9cvBnm12" + special + "k");
      values.add("Qw3rty7x" + special);
    }
    values.add(
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEF+/Q=\n-----END PRIVATE KEY-----\n");
    values.add("-----BEGIN KEY-----\\nMIIEvQIBADANBgkqhk\\n-----END KEY-----\\n");
    values.add("Server=db;User=ad;Password=be'ef\"=12%41&amp=cd+");
    SplittableRandom random = new SplittableRandom(28);
    for (int i = 0; i < 60; i++) {
      StringBuilder value = new StringBuilder();
      for (int part = random.nextInt(2, 6); part > 0; part--) {
        random.ints(random.nextInt(8, 20), 'g', 'z').forEach(c -> value.append((char) c));
        IntStream.range(0, random.nextInt(1, 4))
            .forEach(n -> value.append(SPECIAL.get(random.nextInt(SPECIAL.size()))));
      }
      values.add(value.toString());
    }
    return values;
  }

  private static String shown(String value) {
    return units(value, some("\\", format("\\u%04x")));
  }

  @ParameterizedTest
  @MethodSource("encodings")
  void aScanFindsEveryValue(Encoding encoding) throws IOException {
    List<String> missed = new ArrayList<>();
    for (String value : values()) {
      if (encoding.able().test(value) && !found(text(encoding, value), value)) {
        missed.add(shown(value));
      }
    }
    assertThat(missed).as(encoding.name()).isEmpty();
  }

  /** The text with what is before and after a value in a file. */
  private static byte[] text(Encoding encoding, String value) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    byte[] encoded = encoding.encoder().apply(value);
    boolean wide = encoding.name().contains("UTF-16");
    boolean big = encoding.name().endsWith("BE");
    text.writeBytes("key: ".getBytes(big ? UTF_16BE : wide ? UTF_16LE : UTF_8));
    text.writeBytes(encoded);
    text.writeBytes(" (end)\n".getBytes(big ? UTF_16BE : wide ? UTF_16LE : UTF_8));
    return text.toByteArray();
  }

  private static boolean found(byte[] text, String value) throws IOException {
    boolean[] found = {false};
    new ByteSearch(new AnchorTable(Needle.of(0, value.getBytes(UTF_8))))
        .search(new ByteArrayInputStream(text), (needle, flags, line) -> found[0] = true);
    return found[0];
  }

  /** Redact must hide exactly the value: its neighbours stay, and no letter of it does. */
  @Test
  void redactLeavesNothingOfAValue() throws IOException {
    List<String> left = new ArrayList<>();
    for (String all : values()) {
      String value = all.replaceAll("^[\r\n]+|[\r\n]+$", ""); // line ends there may stay
      FakeStore store = FakeStore.create().holding("prod/KEY", value);
      try (SoughtValues sought = Sought.of(store);
          StreamRedaction redaction = new StreamRedaction(sought)) {
        for (Encoding encoding : ENCODINGS.values()) {
          if (encoding.able().test(value) && !hides(encoding, value, redaction)) {
            left.add(encoding + " of " + shown(value));
          }
        }
      }
    }
    assertThat(left).isEmpty();
  }

  /** A stream that never pauses, so that nothing waits for more of it. */
  private static InputStream busy(byte[] text) {
    return new FilterInputStream(new ByteArrayInputStream(text)) {
      @Override
      public int available() {
        return 1;
      }
    };
  }

  private static boolean hides(Encoding encoding, String value, StreamRedaction redaction)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long hidden = redaction.copy(busy(text(encoding, value)), out);
    String text = out.toString(ISO_8859_1).replace("\0", "");
    // Blanks beside a value that has some at its end may go with it. Quotes of the format and
    // padding may stay.
    String rest = text.replaceFirst("^key:", "").replaceFirst("\\(end\\)\n$", "");
    boolean whole = text.length() - rest.length() == "key:(end)\n".length();
    boolean isShort = rest.replace("[secret prod/KEY]", "").length() < 32;
    return whole && hidden > 0 && isShort && !found(out.toByteArray(), value);
  }
}
