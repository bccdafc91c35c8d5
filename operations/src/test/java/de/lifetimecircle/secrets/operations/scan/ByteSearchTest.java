package de.lifetimecircle.secrets.operations.scan;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.spi.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSearchTest {
  private static final String KEY =
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
  private static final String ODD = "p@ss/w0rd+\"l0ng\"&<secret>\\=?'~end%41";

  private record Hit(int value, String words, long line) {}

  private static List<Hit> search(byte[] text, byte[]... values) {
    List<Needle> needles = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      needles.addAll(Needle.of(i, values[i]));
    }
    List<Hit> hits = new ArrayList<>();
    try {
      new ByteSearch(new AnchorTable(needles))
          .search(
              new ByteArrayInputStream(text),
              (needle, flags, line) ->
                  hits.add(
                      new Hit(needle.value(), EncodingFlag.words(needle.form(), flags), line)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return hits;
  }

  private static List<Hit> search(String text, String value) {
    return search(text.getBytes(UTF_8), value.getBytes(UTF_8));
  }

  @ParameterizedTest
  @EnumSource(Disguise.class)
  void findsEachDisguiseOnce(Disguise disguise) {
    byte[] shown = disguise.of(KEY.getBytes(UTF_8));
    byte[] text = Disguise.around("one\ntwo: token=", shown, " and more\n");
    if (disguise.name().startsWith("UTF_16")) {
      text = Disguise.around("\n\0", shown, "");
    }
    assertThat(search(text, KEY.getBytes(UTF_8)))
        .extracting(Hit::words)
        .containsExactly(disguise.words);
  }

  @ParameterizedTest
  @EnumSource(Disguise.class)
  void findsAValueFullOfSignsInEachDisguise(Disguise disguise) {
    byte[] shown = disguise.of(ODD.getBytes(UTF_8));
    assertThat(search(Disguise.around("x=", shown, "\n"), ODD.getBytes(UTF_8))).isNotEmpty();
  }

  @Test
  void findsWhatEncodersLeaveAndWhatTheyEscape() {
    assertThat(search("a?b=" + new String(Disguise.formEncoded(ODD), UTF_8), ODD))
        .extracting(Hit::words)
        .containsExactly("URL-encoded");
    String twice = new String(Disguise.formEncoded(ODD), UTF_8).replace("%", "%25");
    assertThat(search("a?b=" + twice, ODD)).isNotEmpty();
    assertThat(search("{\"a\":" + Json.write(ODD) + "}", ODD))
        .extracting(Hit::words)
        .containsExactly("JSON-escaped");
    assertThat(search(Json.write(Json.write(ODD)), ODD)).isNotEmpty();
    String html = ODD.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    assertThat(search(html, ODD)).extracting(Hit::words).containsExactly("HTML-escaped");
  }

  @Test
  void findsWhatIsBeyondAscii() {
    String value = "größer-als-ÄSCII-日本語-😀-ende";
    assertThat(search("x " + value, value)).extracting(Hit::words).containsExactly("plain");
    assertThat(search(Json.write(value), value)).isNotEmpty();
    StringBuilder escaped = new StringBuilder();
    value
        .chars()
        .forEach(
            c ->
                escaped.append(c < 128 ? (char) c + "" : String.format(Locale.ROOT, "\\u%04X", c)));
    assertThat(search(escaped.toString(), value)).isNotEmpty();
    String western = "größer-als-ÄSCII-éàü";
    assertThat(search(western.getBytes(ISO_8859_1), western.getBytes(UTF_8)))
        .extracting(Hit::words)
        .containsExactly("Latin-1");
    for (var charset : List.of(UTF_16LE, UTF_16BE)) {
      assertThat(search(western.getBytes(charset), western.getBytes(UTF_8))).isNotEmpty();
      String eastern = "日本語の秘密の鍵です";
      assertThat(search(eastern.getBytes(charset), eastern.getBytes(UTF_8))).isNotEmpty();
    }
  }

  /** Such signs have two equal bytes, so both orders of bytes fold to the same, with other ends. */
  @ParameterizedTest
  @ValueSource(ints = {5, 6, 10, 12})
  void findsSignsOfTwoEqualBytesInBothOrders(int at) {
    String value = "ab'āc'd\nef'†gh'";
    String text = (value.substring(0, at) + "\n" + value.substring(at)).replace("'", "&#39;");
    assertThat(search(text.getBytes(UTF_16LE), value.getBytes(UTF_8))).isNotEmpty();
    assertThat(search(text.getBytes(UTF_16BE), value.getBytes(UTF_8))).isNotEmpty();
  }

  @Test
  void findsAKeyOfSeveralLinesHoweverItIsIndented() {
    String pem =
        """
        -----BEGIN KEY-----
        MIIEvQIBADANBgkqhkiG9w0BAQEF
        AASCBKcwggSjAgEAAoIBAQC7VJTUt9Us
        -----END KEY-----
        """;
    assertThat(search(pem, pem)).hasSize(1);
    assertThat(search("key: |\n    " + pem.replace("\n", "\n    "), pem)).hasSize(1);
    assertThat(search(Json.write(pem), pem)).hasSize(1);
    assertThat(search(pem.replace("\n", "\r\n"), pem)).hasSize(1);
    assertThat(search(pem.strip(), pem)).hasSize(1);
    assertThat(search(pem.replace("UIBAD", "UIBAE").replace("MIIEvQIBADA", "MIIEvQIBADB"), pem))
        .isEmpty();
  }

  @Test
  void tellsNothingOfWhatIsOnlyNear() {
    assertThat(search(KEY.substring(1) + "\n" + KEY.substring(0, 63), KEY)).isEmpty();
    assertThat(search(KEY.substring(0, 32) + "x" + KEY.substring(32), KEY)).isEmpty();
    assertThat(search(KEY.substring(0, 32) + " " + KEY.substring(32), KEY)).isEmpty();
    assertThat(search("", KEY)).isEmpty();
    assertThat(search("abc", "short")).isEmpty();
  }

  /** The window of the search slides over some: its borders must not show. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1_114_047, 1_114_048, 1_179_600, 1_179_647, 1_179_648, 3_000_001})
  void findsInOneLineOfAnyLengthWhereverItIs(int before) {
    byte[] text = new byte[before + 2_500_000];
    Arrays.fill(text, (byte) 'x');
    byte[] shown = Disguise.BASE64_INDENTED.of(KEY.getBytes(UTF_8));
    System.arraycopy(shown, 0, text, before, shown.length);
    text[text.length - 70] = '\n';
    System.arraycopy(KEY.getBytes(UTF_8), 0, text, text.length - 64, 64);
    assertThat(search(text, KEY.getBytes(UTF_8)))
        .extracting(Hit::words)
        .containsExactly("base64, over several lines", "plain");
  }

  @Test
  void countsLinesAcrossItsWindow() {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= 300_000; i++) {
      text.append("line ").append(i).append(i % 100_000 == 0 ? " " + KEY : "").append('\n');
    }
    assertThat(search(text.toString(), KEY))
        .extracting(Hit::line)
        .containsExactly(100_000L, 200_000L, 300_000L);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void findsExactlyWhatANaiveSearchFinds(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 40; round++) {
      byte[] text = letters(random, 20_000, 3);
      byte[][] values = new byte[5][];
      for (int i = 0; i < values.length; i++) {
        values[i] = letters(random, 8 + random.nextInt(4), 3);
      }
      List<Hit> hits = search(text, values);
      for (int i = 0; i < values.length; i++) {
        int index = i;
        long found = hits.stream().filter(h -> h.value() == index).count();
        assertThat(found).as("seed %s round %s", seed, round).isEqualTo(naive(text, values[i]));
      }
    }
  }

  private static byte[] letters(SplittableRandom random, int length, int alphabet) {
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = (byte) ('g' + random.nextInt(alphabet));
    }
    return text;
  }

  private static long naive(byte[] text, byte[] value) {
    String whole = new String(text, ISO_8859_1);
    String wanted = new String(value, ISO_8859_1);
    long count = 0;
    int at = whole.indexOf(wanted);
    while (at >= 0) {
      count++;
      at = whole.indexOf(wanted, at + wanted.length());
    }
    return count;
  }

  /** Random values of random signs, in random disguises, in random binary surroundings. */
  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16})
  void findsRandomValuesInRandomDisguises(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Disguise> all = List.of(Disguise.values());
    for (int round = 0; round < 200; round++) {
      byte[] value = signs(random, 12 + random.nextInt(100));
      Disguise disguise = all.get(random.nextInt(all.size()));
      if (disguise == Disguise.SMALL_PIECES) { // signs that joints have too leave nothing whole
        value = letters(random, value.length, 19);
      }
      byte[] noise = new byte[random.nextInt(3000)];
      random.nextBytes(noise);
      byte[] shown = disguise.of(value);
      byte[] text = new byte[2 * noise.length + shown.length + 4];
      System.arraycopy(noise, 0, text, 0, noise.length);
      text[noise.length + 1] = '\n';
      System.arraycopy(shown, 0, text, noise.length + 2, shown.length);
      System.arraycopy(noise, 0, text, noise.length + shown.length + 4, noise.length);
      assertThat(search(text, value)).as("seed %s, %s", seed, disguise).isNotEmpty();
      assertThat(search(noise, value)).isEmpty();
    }
  }

  private static byte[] signs(SplittableRandom random, int length) {
    byte[] value = new byte[length];
    for (int i = 0; i < length; i++) {
      value[i] = (byte) (33 + random.nextInt(94));
    }
    return value;
  }

  /** A log has the public parts of a URL on every line. */
  @Test
  void tellsAUrlFromThoseOfOtherPasswords() {
    String form = "postgresql://app:%s@db.example.com:5432/ltc\n";
    String value = String.format(Locale.ROOT, form, KEY).strip();
    String other = String.format(Locale.ROOT, form, "x").repeat(20_000);
    assertThat(search(other, value)).isEmpty();
    assertThat(search(other + value + "\n" + other, value))
        .extracting(Hit::words, Hit::line)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("plain", 20_001L));
    String escaped = value.replace("/", "\\/");
    assertThat(search(other + escaped + "\n" + other, value))
        .extracting(Hit::words)
        .containsExactly("JSON-escaped");
  }

  @Test
  void takesBytesThatAreNoText() {
    byte[] value = new byte[40];
    new SplittableRandom(3).nextBytes(value);
    value[4] = (byte) 0xff;
    assertThat(search(Disguise.around("x", value, "y"), value)).hasSize(1);
    assertThat(search(Disguise.BASE64.of(value), value)).hasSize(1);
    assertThat(search(Disguise.PERCENT_ALL.of(value), value)).hasSize(1);
  }

  /** A long value is known by its middle; a text of one letter costs no more than another. */
  @Test
  void takesLongValuesAndDullOnes() {
    byte[] value = signs(new SplittableRandom(5), 20_000);
    assertThat(search(Disguise.around("x", value, "y"), value)).isNotEmpty();
    assertThat(search(Disguise.BASE64_AT_76.of(value), value)).isNotEmpty();
    byte[] dull = new byte[200_000];
    Arrays.fill(dull, (byte) 'a');
    assertThat(search(dull, ("a".repeat(63) + "b").getBytes(UTF_8))).isEmpty();
    assertThat(search(dull, "a".repeat(64).getBytes(UTF_8))).hasSize(200_000 / 64);
  }
}
