package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every form is found, and nothing else is. No canary is an argument: those show in reports. */
final class SecretTracesTest {
  private final String canary = CanaryValue.next();
  private final String own = canary.substring(CanaryValue.MARKER.length());
  private final SecretTraces needle = SecretTraces.ofCanary("value", canary);

  private String formOf(String text) {
    return needle.foundIn(text).orElse("nothing");
  }

  @Test
  void plainValueAndPartsOfEightAreFound() {
    assertThat(formOf("password=" + canary + ".")).isEqualTo("plain");
    assertThat(formOf("starts with " + own.substring(0, 8))).isEqualTo("plain");
    assertThat(formOf("ends with " + own.substring(own.length() - 8))).isEqualTo("plain");
    assertThat(formOf("has " + own.substring(5, 13) + "…")).isEqualTo("plain");
  }

  @Test
  void shorterPartsOtherCanariesAndTheMarkerAreNot() {
    assertThat(formOf(own.substring(0, 7))).isEqualTo("nothing");
    assertThat(formOf(CanaryValue.next())).isEqualTo("nothing");
    assertThat(formOf(CanaryValue.MARKER)).isEqualTo("nothing");
    assertThat(formOf("")).isEqualTo("nothing");
  }

  /** A hash has parts of eight such digits by chance. */
  @Test
  void aSecretOfHexadecimalDigitsIsFoundByTwelve() {
    String secret = "0123456789abcdef0011223344556677";
    SecretTraces hex = SecretTraces.of("key", secret);
    assertThat(hex.foundIn("ff" + secret.substring(5, 16) + "ff")).isEmpty();
    assertThat(hex.foundIn("ff" + secret.substring(5, 17) + "ff")).contains("plain");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void base64IsFoundAtEveryAlignment(int before) {
    byte[] bytes = ("u".repeat(before) + canary + ":rest").getBytes(StandardCharsets.UTF_8);
    assertThat(formOf(Base64.getEncoder().encodeToString(bytes))).isEqualTo("base64");
    assertThat(formOf(Base64.getMimeEncoder().encodeToString(bytes))).isEqualTo("base64");
  }

  @Test
  void urlSafeBase64IsFound() {
    // The middle of this one is all '-' and '_' once it is encoded for URLs.
    String secret = "????>>>>????>>>>????>>>>";
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    String encoded = Base64.getUrlEncoder().encodeToString(bytes);
    assertThat(encoded).containsAnyOf("-", "_");
    assertThat(SecretTraces.of("token", secret).foundIn(encoded)).contains("base64");
  }

  @Test
  void hexIsFoundInEverySpelling() {
    byte[] bytes = canary.getBytes(StandardCharsets.UTF_8);
    assertThat(formOf(HexFormat.of().formatHex(bytes))).isEqualTo("hex");
    assertThat(formOf(HexFormat.of().withUpperCase().formatHex(bytes))).isEqualTo("hex");
    assertThat(formOf(HexFormat.ofDelimiter(":").formatHex(bytes))).isEqualTo("hex");
    assertThat(formOf(HexFormat.ofDelimiter(" ").withUpperCase().formatHex(bytes)))
        .isEqualTo("hex");
    assertThat(formOf(HexFormat.of().withPrefix("\\x").formatHex(bytes))).isEqualTo("hex");
    assertThat(formOf(HexFormat.of().withPrefix("%").formatHex(bytes))).isEqualTo("hex");
  }

  @Test
  void urlEncodingIsFound() {
    String secret = "p@ss/w:rd?x&y=z+1 2%3#4";
    String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
    assertThat(
            SecretTraces.of("password", secret).foundIn("url=postgresql://u:" + encoded + "@host/"))
        .contains("url-encoded");
  }

  @Test
  void jsonEscapesAreFound() {
    String secret = "a\"b\\c\nd\te\"f\\g\nh";
    assertThat(
            SecretTraces.of("password", secret)
                .foundIn("{\"p\":\"a\\\"b\\\\c\\nd\\te\\\"f\\\\g\\nh\"}"))
        .contains("json-escaped");
    StringBuilder escapes = new StringBuilder();
    canary.chars().forEach(c -> escapes.append("\\u00").append(Integer.toHexString(c)));
    assertThat(formOf(escapes.toString())).isEqualTo("unicode escapes");
  }

  @Test
  void listsOfBytesAndOfCharactersAreFound() {
    assertThat(formOf(Arrays.toString(canary.getBytes(StandardCharsets.UTF_8)))).isEqualTo("bytes");
    assertThat(formOf(Arrays.toString(canary.toCharArray()))).isEqualTo("characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SHA-256", "SHA-1", "MD5"})
  void digestsAreFound(String algorithm) throws Exception {
    byte[] digest =
        MessageDigest.getInstance(algorithm).digest(canary.getBytes(StandardCharsets.UTF_8));
    assertThat(formOf("fingerprint " + HexFormat.of().formatHex(digest))).isEqualTo(algorithm);
    assertThat(formOf(Base64.getEncoder().encodeToString(digest)))
        .isEqualTo(algorithm + " in base64");
  }

  @Test
  void lengthOfACanaryIsFoundWhereItIsCalledOne() {
    int n = canary.length();
    assertThat(formOf("value of " + n + " bytes")).isEqualTo("length");
    assertThat(formOf("length=" + n)).isEqualTo("length");
    assertThat(formOf("\"size\": " + n)).isEqualTo("length");
    assertThat(formOf("in " + n + " ms")).isEqualTo("nothing");
    assertThat(formOf("length=1" + n)).isEqualTo("nothing");
  }

  @Test
  void formsThatAreShorterThanAPartAreFoundWhole() {
    assertThat(SecretTraces.of("pin", "12345678").foundIn("pin 12345678")).contains("plain");
    assertThat(SecretTraces.of("pin", "12345678").foundIn("pin 1234567")).isEmpty();
  }
}
