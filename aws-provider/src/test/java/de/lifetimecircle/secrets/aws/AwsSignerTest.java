package de.lifetimecircle.secrets.aws;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.aws.transport.Signer;
import java.net.URI;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** The signatures of the test suite that AWS publishes (aws-sig-v4-test-suite). */
class AwsSignerTest {
  private static final String ID = "AKIDEXAMPLE";
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  private static final Instant TIME = Instant.parse("2015-08-30T12:36:00Z");

  private static SdkHttpRequest signed(
      SdkHttpMethod method, AwsCredentialsIdentity identity, String address, String body) {
    SdkHttpRequest request =
        SdkHttpRequest.builder().method(method).uri(URI.create(address)).build();
    return new Signer(() -> TIME)
        .sign(
            SignRequest.builder(identity)
                .request(request)
                .payload(ContentStreamProvider.fromUtf8String(body))
                .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
                .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "service")
                .build())
        .request();
  }

  private static String authorization(SdkHttpRequest request) {
    return request.firstMatchingHeader("Authorization").orElseThrow();
  }

  @Test
  void plainGetAndPostAreSignedAsPublished() {
    AwsCredentialsIdentity identity = AwsCredentialsIdentity.create(ID, SECRET);
    String address = "https://example.amazonaws.com/";
    assertThat(authorization(signed(SdkHttpMethod.GET, identity, address, "")))
        .isEqualTo(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
                + " SignedHeaders=host;x-amz-date, Signature="
                + "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
    assertThat(authorization(signed(SdkHttpMethod.POST, identity, address, "")))
        .endsWith("5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
  }

  @Test
  void sessionTokenIsSentAndSigned() {
    SdkHttpRequest request =
        signed(
            SdkHttpMethod.POST,
            AwsSessionCredentialsIdentity.create(ID, SECRET, "token"),
            "https://example.amazonaws.com",
            "{}");
    assertThat(request.firstMatchingHeader("X-Amz-Security-Token")).contains("token");
    assertThat(authorization(request))
        .contains("SignedHeaders=host;x-amz-date;x-amz-security-token,");
  }

  @Test
  void portIsPartOfTheHostUnlessItIsTheUsualOne() {
    AwsCredentialsIdentity identity = AwsCredentialsIdentity.create(ID, SECRET);
    assertThat(signed(SdkHttpMethod.POST, identity, "http://localhost:4566", "{}"))
        .satisfies(r -> assertThat(r.firstMatchingHeader("Host")).contains("localhost:4566"));
    assertThat(signed(SdkHttpMethod.POST, identity, "https://localhost:443", "{}"))
        .satisfies(r -> assertThat(r.firstMatchingHeader("Host")).contains("localhost"));
  }

  @Test
  void bodyIsSigned() {
    AwsCredentialsIdentity identity = AwsCredentialsIdentity.create(ID, SECRET);
    assertThat(authorization(signed(SdkHttpMethod.POST, identity, "https://h", "{}")))
        .isNotEqualTo(authorization(signed(SdkHttpMethod.POST, identity, "https://h", "{ }")));
  }
}
