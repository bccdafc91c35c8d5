package de.lifetimecircle.secrets.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The signed request; the signatures were made by botocore from the same inputs. */
final class VaultAwsIdentityTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
  private static final Map<String, String> KEY =
      Map.of(
          "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
          "AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
  private static final Map<String, String> SESSION =
      Map.of(
          "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
          "AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
          "AWS_SESSION_TOKEN", "session-token");

  private static VaultAwsIdentity identity(
      Map<String, String> environment, Optional<String> region, Optional<String> serverId) {
    return new VaultAwsIdentity(
        name -> Optional.ofNullable(environment.get(name)),
        () -> NOON,
        region,
        serverId,
        Optional.of("app"));
  }

  private static String decoded(Map<String, String> body, String key) {
    return new String(
        Base64.getDecoder().decode(String.valueOf(body.get(key))), StandardCharsets.UTF_8);
  }

  private static Map<?, ?> headers(Map<String, String> body) {
    return (Map<?, ?>) Json.parse(decoded(body, "iam_request_headers"));
  }

  @Test
  void globalRequestIsSignedAsBotocoreSignsIt() {
    Map<String, String> body = identity(KEY, Optional.empty(), Optional.empty()).read();
    assertThat(body).containsEntry("role", "app").containsEntry("iam_http_request_method", "POST");
    assertThat(decoded(body, "iam_request_url")).isEqualTo("https://sts.amazonaws.com/");
    assertThat(decoded(body, "iam_request_body"))
        .isEqualTo("Action=GetCallerIdentity&Version=2011-06-15");
    assertThat(headers(body).get("authorization"))
        .isEqualTo(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261124/us-east-1/sts/aws4_request,"
                + " SignedHeaders=content-type;host;x-amz-date,"
                + " Signature=4eed1617f3d878e1ac28c5cf99b336d6214e0fc32687985fb8766b334ad66049");
  }

  @Test
  void regionSessionAndServerIdAreSignedToo() {
    Map<String, String> body =
        identity(SESSION, Optional.of("eu-central-1"), Optional.of("vault.example")).read();
    assertThat(headers(body).get("host")).isEqualTo("sts.eu-central-1.amazonaws.com");
    assertThat(headers(body).get("authorization"))
        .isEqualTo(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261124/eu-central-1/sts/aws4_request,"
                + " SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;"
                + "x-vault-aws-iam-server-id,"
                + " Signature=d55d892bdd929db4b7268a3e6be59b0a8c2d70e11cf8a16b7af218d8d8777c65");
  }

  @Test
  void missingKeySaysWhich() {
    StoreFailure problem =
        catchThrowableOfType(
            StoreFailure.class,
            () -> identity(Map.of(), Optional.empty(), Optional.empty()).read());
    assertThat(problem.kind()).isEqualTo(Kind.UNAUTHENTICATED);
    assertThat(problem.reason()).contains("AWS_ACCESS_KEY_ID");
  }
}
