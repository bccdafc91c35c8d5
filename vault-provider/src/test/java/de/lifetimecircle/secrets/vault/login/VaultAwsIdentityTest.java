package de.lifetimecircle.secrets.vault.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.remote.AwsSignature;
import de.lifetimecircle.secrets.remote.ProxySettings;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.spi.StoreFailure;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import de.lifetimecircle.secrets.testkit.FaultProxy.Request;
import de.lifetimecircle.secrets.vault.config.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  private static AwsIdentity identity(
      Map<String, String> environment, Optional<String> region, Optional<String> serverId) {
    return new AwsIdentity(
        keys(environment)::find, () -> NOON, region, serverId, Optional.of("app"));
  }

  private static AwsKeys keys(Map<String, String> environment) {
    return new AwsKeys(
        name -> Optional.ofNullable(environment.get(name)),
        ProxySettings.of(
            new StoreConfig(
                Map.of("proxy", "direct"),
                name -> Optional.empty(),
                Duration.ofSeconds(5),
                () -> NOON),
            "vault",
            new ConfigProblems()),
        Duration.ofSeconds(5));
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
    Map<String, String> body = identity(KEY, Optional.empty(), Optional.empty()).get();
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
        identity(SESSION, Optional.of("eu-central-1"), Optional.of("vault.example")).get();
    assertThat(headers(body).get("host")).isEqualTo("sts.eu-central-1.amazonaws.com");
    assertThat(headers(body).get("authorization"))
        .isEqualTo(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261124/eu-central-1/sts/aws4_request,"
                + " SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;"
                + "x-vault-aws-iam-server-id,"
                + " Signature=d55d892bdd929db4b7268a3e6be59b0a8c2d70e11cf8a16b7af218d8d8777c65");
  }

  /**
   * A server whose AWS login has no endpoint of its own asks the global STS, which accepts no other
   * region's signature, wherever the service runs.
   */
  @ParameterizedTest
  @CsvSource({
    "'', https://sts.amazonaws.com/",
    "auto, https://sts.eu-central-1.amazonaws.com/",
    "us-west-2, https://sts.us-west-2.amazonaws.com/",
    "cn-north-1, https://sts.cn-north-1.amazonaws.com.cn/",
    "eusc-de-east-1, https://sts.eusc-de-east-1.amazonaws.eu/"
  })
  void regionOfTheServiceIsNotThatOfTheServer(String setting, String url) {
    Map<String, String> settings =
        new HashMap<>(Map.of("address", "https://vault.test", "auth", "aws", "role", "app"));
    if (!setting.isEmpty()) {
      settings.put("aws-region", setting);
    }
    Map<String, String> environment = new HashMap<>(KEY);
    environment.put("AWS_REGION", "eu-central-1");
    Login login =
        Settings.of(
                new StoreConfig(
                    settings,
                    name -> Optional.ofNullable(environment.get(name)),
                    Duration.ofSeconds(5),
                    () -> NOON))
            .login();
    assertThat(decoded(((Login.Post) login).body().get(), "iam_request_url")).isEqualTo(url);
  }

  private static StoreFailure failure(Map<String, String> environment) {
    return catchThrowableOfType(StoreFailure.class, () -> keys(environment).find());
  }

  @Test
  void missingKeySaysWhich() {
    StoreFailure half = failure(Map.of("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"));
    assertThat(half.kind()).isEqualTo(Kind.UNAUTHENTICATED);
    assertThat(half.reason()).contains("AWS_SECRET_ACCESS_KEY");
    StoreFailure none = failure(Map.of("AWS_EC2_METADATA_DISABLED", "true"));
    assertThat(none.kind()).isEqualTo(Kind.UNAUTHENTICATED);
    assertThat(none.reason()).contains("AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE");
  }

  @ParameterizedTest
  @CsvSource({
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, /a b",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI, localhost:80/v2",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI, ftp://localhost/v2",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT, 169.254.169.254"
  })
  void addressThatIsNoneIsNamed(String variable, String text) {
    StoreFailure failure = failure(Map.of(variable, text));
    assertThat(failure.kind()).isEqualTo(Kind.UNAUTHENTICATED);
    assertThat(failure.reason()).isEqualTo(variable + " is no address");
  }

  private static final String DOCUMENT =
      "{\"Code\":\"Success\",\"AccessKeyId\":\"ASIAROLE\",\"SecretAccessKey\":\"s\",\"Token\":\"t\"}";

  /** The three places in which a service in AWS finds a role, each with its address on loopback. */
  @Test
  void rolesOfPodsContainersAndInstancesAreFound(@TempDir Path folder) throws IOException {
    Path token = Files.writeString(folder.resolve("token"), "a.b.c\n");
    List<Request> asked = new CopyOnWriteArrayList<>();
    try (FaultProxy server = FaultProxy.to(URI.create("http://127.0.0.1:1")).start()) {
      server.intercept(
          request -> {
            asked.add(request);
            return answer(request);
          });
      String uri = server.uri().toString();
      for (Map<String, String> environment :
          List.of(
              Map.of(
                  "AWS_WEB_IDENTITY_TOKEN_FILE",
                  token.toString(),
                  "AWS_ROLE_ARN",
                  "arn:aws:iam::123456789012:role/app",
                  "AWS_ENDPOINT_URL_STS",
                  uri),
              Map.of(
                  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                  uri + "/container",
                  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                  "of-the-container"),
              Map.of("AWS_EC2_METADATA_SERVICE_ENDPOINT", uri))) {
        AwsSignature.Keys found = keys(environment).find();
        assertThat(found.id()).isEqualTo("ASIAROLE");
        assertThat(found.secret()).isEqualTo("s");
        assertThat(found.token()).contains("t");
        assertThat(found).hasToString("Keys[redacted]");
      }
      assertThat(new String(asked.get(0).body(), StandardCharsets.UTF_8))
          .contains("Action=AssumeRoleWithWebIdentity", "WebIdentityToken=a.b.c", "role%2Fapp");
      assertThat(asked.get(1).headers()).containsEntry("authorization", "of-the-container");
      assertThat(asked.get(4).headers()).containsEntry("x-aws-ec2-metadata-token", "imds-token");
    }
  }

  private static Answer answer(Request request) {
    return switch (request.target()) {
      case "/" ->
          Answer.of(
              200,
              "text/xml",
              "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>"
                  + "<AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
                  + "<SessionToken>t</SessionToken></Credentials>"
                  + "</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>");
      case "/container", "/latest/meta-data/iam/security-credentials/ec2role" ->
          Answer.of(200, "application/json", DOCUMENT);
      case "/latest/api/token" -> Answer.of(200, "text/plain", "imds-token");
      case "/latest/meta-data/iam/security-credentials/" -> Answer.of(200, "text/plain", "ec2role");
      default -> Answer.of(404, "text/plain", "canary-of-an-answer");
    };
  }

  @Test
  void sourceThatRefusesIsNamedAndNoOtherIsAsked() {
    try (FaultProxy server = FaultProxy.to(URI.create("http://127.0.0.1:1")).start()) {
      server.intercept(VaultAwsIdentityTest::answer);
      StoreFailure refused =
          failure(
              Map.of(
                  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                  server.uri() + "/nothing",
                  "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                  server.uri().toString()));
      assertThat(refused.kind()).isEqualTo(Kind.UNAUTHENTICATED);
      assertThat(refused.reason()).isEqualTo("the container's role answers with status 404");
    }
    StoreFailure nobody =
        failure(Map.of("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1"));
    assertThat(nobody.kind()).isEqualTo(Kind.UNAUTHENTICATED);
    assertThat(nobody.reason()).contains("no metadata service answers");
    assertThat(failure(Map.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://evil.test/x")).reason())
        .contains("neither https nor on this machine");
  }
}
