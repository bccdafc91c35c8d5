package de.lifetimecircle.secrets.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The signatures of the test suite that AWS publishes (aws-sig-v4-test-suite). */
class AwsSignatureTest {
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  private static final String SCOPE =
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,";

  private static AwsSignature signature(Optional<String> token) {
    return new AwsSignature(
        new AwsSignature.Keys("AKIDEXAMPLE", SECRET, token),
        "us-east-1",
        "service",
        () -> Instant.parse("2015-08-30T12:36:00Z"));
  }

  private static Map<String, String> signed(
      String method, String path, String name, String value, String body) {
    Map<String, String> headers =
        name == null
            ? Map.of("Host", "example.amazonaws.com")
            : Map.of("Host", "example.amazonaws.com", name, value);
    return signature(Optional.empty())
        .sign(method, path, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  /** Each row is a case of the suite. */
  @ParameterizedTest
  @CsvSource({
    "get-vanilla, GET, /, , , '', host,"
        + " 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    "post-vanilla, POST, '', , , '', host,"
        + " 5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
    "get-utf8, GET, /%E1%88%B4, , , '', host,"
        + " 8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
    "post-header-value-case, POST, /, My-Header1, VALUE1, '', host;my-header1,"
        + " cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d",
    "post-x-www-form-urlencoded, POST, /, Content-Type, application/x-www-form-urlencoded,"
        + " Param1=value1, content-type;host,"
        + " ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"
  })
  void requestsAreSignedAsPublished(
      String title,
      String method,
      String path,
      String name,
      String value,
      String body,
      String names,
      String hex) {
    Map<String, String> added = signed(method, path, name, value, body);
    assertThat(added).as(title).containsOnlyKeys("authorization", "x-amz-date");
    assertThat(added).as(title).containsEntry("x-amz-date", "20150830T123600Z");
    assertThat(added.get("authorization"))
        .as(title)
        .isEqualTo(SCOPE + " SignedHeaders=" + names + ";x-amz-date, Signature=" + hex);
  }

  @Test
  void spacesInAHeaderCountOnce() {
    assertThat(signed("GET", "/", "My-Header1", " value1  b ", ""))
        .isEqualTo(signed("GET", "/", "my-header1", "value1 b", ""));
  }

  /** Of the suite: post-sts-header-before. */
  @Test
  void aSessionTokenIsSentAndSigned() {
    String token =
        "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwA"
            + "eMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8p"
            + "hUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT"
            + "38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabI"
            + "Qwj2ICCR/oLxBA==";
    Map<String, String> added =
        signature(Optional.of(token))
            .sign("POST", "/", Map.of("host", "example.amazonaws.com"), new byte[0]);
    assertThat(added).containsEntry("x-amz-security-token", token);
    assertThat(added.get("authorization"))
        .isEqualTo(
            SCOPE
                + " SignedHeaders=host;x-amz-date;x-amz-security-token, Signature="
                + "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead");
  }

  @Test
  void aRequestWithoutItsHostIsRejected() {
    AwsSignature signature = signature(Optional.empty());
    assertThatThrownBy(() -> signature.sign("GET", "/", Map.of(), new byte[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: with host");
  }

  @Test
  void keysAreNotShown() {
    assertThat(signature(Optional.of("canary")).toString())
        .contains("Keys[redacted]")
        .doesNotContain("AKIDEXAMPLE", "EXAMPLEKEY", "canary");
  }
}
