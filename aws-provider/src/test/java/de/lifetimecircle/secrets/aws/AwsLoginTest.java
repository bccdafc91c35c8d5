package de.lifetimecircle.secrets.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.aws.config.Settings;
import de.lifetimecircle.secrets.aws.store.AwsStore;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import de.lifetimecircle.secrets.testkit.FaultProxy.Request;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where credentials come from: each source with its endpoint faked on loopback. */
class AwsLoginTest {
  private static final String ROLE = "arn:aws:iam::123456789012:role/test";
  private static final List<String> PROPERTIES =
      List.of(
          "aws.accessKeyId",
          "aws.containerCredentialsFullUri",
          "aws.containerAuthorizationToken",
          "aws.ec2MetadataServiceEndpoint",
          "aws.disableEc2Metadata");

  private final FaultProxy server = FaultProxy.to(URI.create("http://127.0.0.1:1")).start();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Map<String, String> values = new HashMap<>();
  private final Map<String, String> environment = new HashMap<>(Map.of("HOME", "/nowhere"));
  private volatile int stsStatus = 200;

  AwsLoginTest() {
    server.intercept(this::answer);
    values.put("region", "eu-central-1");
    values.put("endpoint", server.uri().toString());
    values.put("sts-endpoint", server.uri().toString());
  }

  @AfterEach
  void close() {
    PROPERTIES.forEach(System::clearProperty);
    server.close();
  }

  private Answer answer(Request request) {
    requests.add(request);
    if (request.headers().containsKey("x-amz-target")) {
      return AwsFake.value(AwsFake.FIRST, "held");
    }
    if (AwsFaults.isLogin(request)) {
      return stsStatus == 200 ? assumed() : refused();
    }
    return switch (request.target()) {
      case "/latest/api/token" -> Answer.of(200, "text/plain", "imds-token");
      case "/latest/meta-data/iam/security-credentials/" -> Answer.of(200, "text/plain", "ec2role");
      case "/latest/meta-data/iam/security-credentials/ec2role" ->
          Answer.of(200, "application/json", document("INSTANCEKEY00000"));
      case "/refused" -> Answer.of(403, "text/plain", "");
      case "/down" -> Answer.of(503, "text/plain", "");
      case "/container" -> Answer.of(200, "application/json", document("CONTAINERKEY0000"));
      default -> Answer.of(404, "text/plain", "");
    };
  }

  private static String document(String id) {
    return "{\"Code\":\"Success\",\"Type\":\"AWS-HMAC\",\"AccessKeyId\":\""
        + id
        + "\",\"SecretAccessKey\":\"secret\",\"Token\":\"token of "
        + id
        + "\",\"Expiration\":\"2099-01-01T00:00:00Z\",\"LastUpdated\":\"2026-01-01T00:00:00Z\"}";
  }

  private Answer assumed() {
    String operation =
        AwsFaults.text(requests.get(requests.size() - 1)).contains("WithWebIdentity")
            ? "AssumeRoleWithWebIdentity"
            : "AssumeRole";
    return AwsFake.assumed(operation, "ROLEKEY000000000", "s", "role token");
  }

  private Answer refused() {
    return Answer.of(
        stsStatus,
        "text/xml",
        "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>"
            + "<Message>User: arn:aws:iam::123456789012:user/ci is not authorized to perform:"
            + " sts:AssumeRole on resource: "
            + ROLE
            + "</Message></Error></ErrorResponse>");
  }

  /** Reads a secret, and tells with which key and which token. */
  private String identity() {
    try (AwsStore store = open()) {
      try (SecretValue value = store.fetch(AwsFake.NAME).value()) {
        assertThat(value.asString()).isEqualTo("held");
      }
    }
    Request last = requests.get(requests.size() - 1);
    String authorization = last.headers().getOrDefault("authorization", "");
    return authorization.replaceAll(".*Credential=([^/]*)/.*", "$1")
        + last.headers().getOrDefault("x-amz-security-token", "");
  }

  private AwsStore open() {
    return new AwsStore(
        Settings.of(
            new StoreConfig(
                values,
                name -> Optional.ofNullable(environment.get(name)),
                Duration.ofSeconds(5),
                InstantSource.system())));
  }

  private void keys() {
    values.put("access-key-id", "STATICKEY0000000");
    values.put("secret-access-key", "secret");
  }

  @Test
  void keysOfTheConfigurationAreUsed() {
    keys();
    assertThat(identity()).isEqualTo("STATICKEY0000000");
    values.put("session-token", "and its token");
    assertThat(identity()).isEqualTo("STATICKEY0000000and its token");
  }

  @Test
  void keysOfTheEnvironmentAreUsed() {
    environment.put("AWS_ACCESS_KEY_ID", "ENVIRONMENTKEY00");
    environment.put("AWS_SECRET_ACCESS_KEY", "secret");
    environment.put("AWS_SESSION_TOKEN", "env");
    assertThat(identity()).isEqualTo("ENVIRONMENTKEY00env");
  }

  @Test
  void profileIsUsedAndItsFilesAreTheUsers(@TempDir Path home) throws IOException {
    Path credentials = home.resolve("keys");
    Files.writeString(
        credentials,
        """
        [default]
        aws_access_key_id = DEFAULTKEY000000
        aws_secret_access_key = s
        [team]
        aws_access_key_id = TEAMKEY000000000
        aws_secret_access_key = s
        """);
    environment.put("AWS_SHARED_CREDENTIALS_FILE", credentials.toString());
    assertThat(identity()).isEqualTo("DEFAULTKEY000000");
    values.put("profile", "team");
    assertThat(identity()).isEqualTo("TEAMKEY000000000");
  }

  @Test
  void roleIsAssumedWithItsSessionAndExternalId() {
    keys();
    values.put("role-arn", ROLE);
    values.put("role-session-name", "who-it-was");
    values.put("external-id", "agreed-on");
    assertThat(identity()).isEqualTo("ROLEKEY000000000role token");
    String login = AwsFaults.text(requests.get(0));
    assertThat(login)
        .contains("RoleSessionName=who-it-was", "ExternalId=agreed-on", "RoleArn=arn%3Aaws%3Aiam");
    assertThat(requests.get(0).headers().get("authorization")).contains("STATICKEY0000000");
  }

  @Test
  void webIdentityTokenIsReadAnewForEachLogin(@TempDir Path folder) throws IOException {
    Path token = folder.resolve("token");
    Files.writeString(token, "first.jwt");
    values.put("web-identity-token-file", token.toString());
    values.put("role-arn", ROLE);
    assertThat(identity()).isEqualTo("ROLEKEY000000000role token");
    assertThat(AwsFaults.text(requests.get(0))).contains("WebIdentityToken=first.jwt");
    assertThat(requests.get(0).headers()).doesNotContainKey("authorization");
    Files.writeString(token, "second.jwt");
    requests.clear();
    assertThat(identity()).isEqualTo("ROLEKEY000000000role token");
    assertThat(AwsFaults.text(requests.get(0))).contains("WebIdentityToken=second.jwt");
  }

  @Test
  void webIdentityOfTheEnvironmentIsUsed(@TempDir Path folder) throws IOException {
    Path token = Files.writeString(folder.resolve("token"), "env.jwt");
    environment.put("AWS_WEB_IDENTITY_TOKEN_FILE", token.toString());
    environment.put("AWS_ROLE_ARN", ROLE);
    assertThat(identity()).isEqualTo("ROLEKEY000000000role token");
  }

  @Test
  void containerIsAskedWithItsToken() {
    System.setProperty("aws.containerCredentialsFullUri", server.uri() + "/container");
    System.setProperty("aws.containerAuthorizationToken", "let me in");
    assertThat(identity()).isEqualTo("CONTAINERKEY0000token of CONTAINERKEY0000");
    assertThat(requests.get(0).headers()).containsEntry("authorization", "let me in");
  }

  @Test
  void instanceIsAskedWithATokenOfItsOwn() {
    System.setProperty("aws.ec2MetadataServiceEndpoint", server.uri().toString());
    assertThat(identity()).isEqualTo("INSTANCEKEY00000token of INSTANCEKEY00000");
    assertThat(requests.get(0).method()).isEqualTo("PUT");
    assertThat(requests.get(1).headers()).containsEntry("x-aws-ec2-metadata-token", "imds-token");
  }

  @Test
  void noCredentialsAtAllSaysSo() {
    System.setProperty("aws.disableEc2Metadata", "true");
    try (AwsStore store = open()) {
      SecretException failure =
          catchThrowableOfType(SecretException.class, () -> store.fetch(AwsFake.NAME));
      assertThat(failure.kind()).isEqualTo(Kind.UNAUTHENTICATED);
      assertThat(failure)
          .hasMessageContaining("no credentials were found: not configured are the system")
          .hasMessageContaining("the web identity of AWS_WEB_IDENTITY_TOKEN_FILE")
          .hasMessageContaining("the instance's role")
          .hasNoCause();
    }
    assertThat(requests).isEmpty();
  }

  @Test
  void roleThatMayNotBeAssumedSaysSo() {
    keys();
    values.put("role-arn", ROLE);
    stsStatus = 403;
    try (AwsStore store = open()) {
      SecretException failure =
          catchThrowableOfType(SecretException.class, () -> store.fetch(AwsFake.NAME));
      assertThat(failure.kind()).isEqualTo(Kind.ACCESS_DENIED);
      assertThat(failure)
          .hasMessageContaining("the login with the role of aws.role-arn failed: STS answers")
          .hasMessageContaining("User: arn:aws:iam::123456789012:user/ci is not authorized")
          .hasMessageContaining("Let the trust policy of the role admit this identity")
          .hasMessageContaining("aws iam get-role --role-name test ");
    }
    assertThat(requests).hasSize(1);
  }

  @Test
  void missingTokenFileSaysSo() {
    values.put("web-identity-token-file", "/nowhere/token");
    values.put("role-arn", ROLE);
    try (AwsStore store = open()) {
      SecretException failure =
          catchThrowableOfType(SecretException.class, () -> store.fetch(AwsFake.NAME));
      assertThat(failure.kind()).isEqualTo(Kind.UNAUTHENTICATED);
    }
  }

  private void profiles(Path home, String text) throws IOException {
    Path file = Files.writeString(home.resolve("config"), text);
    environment.put("AWS_CONFIG_FILE", file.toString());
    values.put("profile", "app");
  }

  @Test
  void roleOfAProfileIsAssumedWithTheKeysOfItsSource(@TempDir Path home) throws IOException {
    profiles(
        home,
        """
        [profile app]
        role_arn = arn:aws:iam::123456789012:role/app
        role_session_name = who-it-was
        external_id = agreed-on
        source_profile = middle
        [profile middle]
        role_arn = arn:aws:iam::123456789012:role/middle
        source_profile = base
        [profile base]
        aws_access_key_id = BASEKEY000000000
        aws_secret_access_key = s
        """);
    assertThat(identity()).isEqualTo("ROLEKEY000000000role token");
    assertThat(AwsFaults.text(requests.get(0)))
        .contains("role%2Fmiddle", "RoleSessionName=lifetimecircle-secrets");
    assertThat(requests.get(0).headers().get("authorization")).contains("BASEKEY000000000");
    assertThat(AwsFaults.text(requests.get(1)))
        .contains("role%2Fapp", "RoleSessionName=who-it-was", "ExternalId=agreed-on");
    assertThat(requests.get(1).headers().get("authorization")).contains("ROLEKEY000000000");
    assertThat(requests).hasSize(3);
  }

  @Test
  void roleOfAProfileIsAssumedOnceUntilItsFileChanges(@TempDir Path home) throws IOException {
    String role =
        """
        [profile app]
        role_arn = arn:aws:iam::123456789012:role/%s
        credential_source = Environment
        """;
    environment.put("AWS_ACCESS_KEY_ID", "ENVIRONMENTKEY00");
    environment.put("AWS_SECRET_ACCESS_KEY", "secret");
    profiles(home, role.replace("%s", "one"));
    try (AwsStore store = open()) {
      for (String name : List.of("one", "one", "two")) {
        profiles(home, role.replace("%s", name));
        assertThat(store.fetch(AwsFake.NAME).version()).isEqualTo(AwsFake.FIRST);
      }
    }
    List<Request> logins = requests.stream().filter(AwsFaults::isLogin).toList();
    assertThat(logins).hasSize(2);
    assertThat(AwsFaults.text(logins.get(0))).contains("role%2Fone");
    assertThat(AwsFaults.text(logins.get(1))).contains("role%2Ftwo");
    assertThat(logins.get(1).headers().get("authorization")).contains("ENVIRONMENTKEY00");
  }

  @ParameterizedTest
  @CsvSource({
    "EcsContainer, CONTAINERKEY0000",
    "Ec2InstanceMetadata, INSTANCEKEY00000",
  })
  void roleOfAProfileIsAssumedWithTheKeysOfTheMachine(String place, String key, @TempDir Path home)
      throws IOException {
    System.setProperty("aws.containerCredentialsFullUri", server.uri() + "/container");
    System.setProperty("aws.ec2MetadataServiceEndpoint", server.uri().toString());
    profiles(home, "[profile app]\nrole_arn = " + ROLE + "\ncredential_source = " + place + "\n");
    assertThat(identity()).isEqualTo("ROLEKEY000000000role token");
    Request login = requests.stream().filter(AwsFaults::isLogin).findFirst().orElseThrow();
    assertThat(login.headers().get("authorization")).contains(key);
  }

  @Test
  void roleOfAProfileIsAssumedWithTheTokenOfItsFile(@TempDir Path home) throws IOException {
    Path token = Files.writeString(home.resolve("token"), "profile.jwt");
    profiles(
        home, "[profile app]\nrole_arn = " + ROLE + "\nweb_identity_token_file = " + token + "\n");
    assertThat(identity()).isEqualTo("ROLEKEY000000000role token");
    assertThat(AwsFaults.text(requests.get(0))).contains("WebIdentityToken=profile.jwt");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "source_profile = app",
        "source_profile = other\n[profile other]\nrole_arn = x\nsource_profile = app",
        "source_profile = missing",
        "source_profile = keys\ncredential_source = Environment",
        "credential_source = Environment",
        "credential_source = Moon",
        "source_profile = app",
        "source_profile = app\naws_access_key_id = OWNKEY0000000000",
        "region = eu-central-1"
      })
  void profileWhoseRoleHasNoSourceGivesNoCredentials(String lines, @TempDir Path home)
      throws IOException {
    profiles(home, "[profile app]\nrole_arn = " + ROLE + "\n" + lines + "\n");
    try (AwsStore store = open()) {
      SecretException failure =
          catchThrowableOfType(SecretException.class, () -> store.fetch(AwsFake.NAME));
      assertThat(failure.kind()).isEqualTo(Kind.UNAUTHENTICATED);
      assertThat(failure)
          .hasMessageContaining("the login with the profile 'app' failed: ")
          .hasNoCause();
    }
    assertThat(requests).isEmpty();
  }

  /** A place that is configured and fails ends the chain: the next one is somebody else. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "env | AWS_SECRET_ACCESS_KEY is not set",
        "properties | the system properties aws.accessKeyId and aws.secretAccessKey failed",
        "missing profile | the profile 'other' failed: there is no profile 'other'",
        "half profile | the profile 'default' failed",
        "sso profile | the profile 'default' failed",
        "damaged profile | the AWS configuration files cannot be parsed",
        "container refuses | it answers with status 403",
        "container is not there | _FULL_URI) failed"
      })
  void placeThatIsConfiguredAndFailsEndsTheChain(String what, String reason, @TempDir Path home)
      throws IOException {
    System.setProperty("aws.ec2MetadataServiceEndpoint", server.uri().toString());
    switch (what) {
      case "env" -> environment.put("AWS_ACCESS_KEY_ID", "ENVIRONMENTKEY00");
      case "properties" -> System.setProperty("aws.accessKeyId", "PROPERTYKEY00000");
      case "missing profile" -> {
        profiles(home, "[default]\naws_access_key_id = DEFAULTKEY000000\n");
        environment.put("AWS_PROFILE", "other");
      }
      case "half profile" -> profiles(home, "[default]\naws_access_key_id = DEFAULTKEY000000\n");
      case "sso profile" ->
          profiles(
              home,
              """
              [default]
              sso_start_url = https://x.awsapps.com/start
              sso_region = eu-central-1
              sso_account_id = 123456789012
              sso_role_name = r
              """);
      case "damaged profile" -> profiles(home, "[default\naws_access_key_id = DEFAULTKEY000000\n");
      case "container refuses" ->
          System.setProperty("aws.containerCredentialsFullUri", server.uri() + "/refused");
      default -> System.setProperty("aws.containerCredentialsFullUri", server.uri() + "/nothing");
    }
    values.remove("profile");
    try (AwsStore store = open()) {
      SecretException failure =
          catchThrowableOfType(SecretException.class, () -> store.fetch(AwsFake.NAME));
      assertThat(failure.kind()).isEqualTo(Kind.UNAUTHENTICATED);
      assertThat(failure).hasMessageContaining(reason).hasNoCause();
    }
    assertThat(requests).noneMatch(request -> request.target().startsWith("/latest/"));
  }

  @Test
  void containerThatFailsForAMomentCanBeAskedAgain() {
    System.setProperty("aws.ec2MetadataServiceEndpoint", server.uri().toString());
    System.setProperty("aws.containerCredentialsFullUri", server.uri() + "/down");
    try (AwsStore store = open()) {
      SecretException failure =
          catchThrowableOfType(SecretException.class, () -> store.fetch(AwsFake.NAME));
      assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(failure).hasMessageContaining("the container's role");
    }
    assertThat(requests).noneMatch(request -> request.target().startsWith("/latest/"));
  }

  /** A profile with a region and no credentials configures nothing, as AWS documents. */
  @Test
  void profileWithoutCredentialsLeavesTheLoginToTheInstance(@TempDir Path home) throws IOException {
    System.setProperty("aws.ec2MetadataServiceEndpoint", server.uri().toString());
    profiles(home, "[default]\nregion = eu-central-1\nuse_fips_endpoint = false\n");
    values.remove("profile");
    assertThat(identity()).isEqualTo("INSTANCEKEY00000token of INSTANCEKEY00000");
  }

  @Test
  void expiredKeysOfAProfileAreReadAnew(@TempDir Path home) throws IOException {
    Path credentials = home.resolve("keys");
    environment.put("AWS_SHARED_CREDENTIALS_FILE", credentials.toString());
    Files.writeString(
        credentials,
        "[default]\naws_access_key_id = OLDKEY0000000000\naws_secret_access_key = s\n");
    server.intercept(
        request ->
            request.headers().getOrDefault("authorization", "").contains("OLDKEY")
                ? AwsFaults.error(400, "ExpiredTokenException")
                : answer(request));
    try (AwsStore store = open()) {
      SecretException failure =
          catchThrowableOfType(SecretException.class, () -> store.fetch(AwsFake.NAME));
      assertThat(failure.kind()).isEqualTo(Kind.UNAUTHENTICATED);
      Files.writeString(
          credentials,
          "[default]\naws_access_key_id = NEWKEY0000000000\naws_secret_access_key = s\n");
      assertThat(store.fetch(AwsFake.NAME).version()).isEqualTo(AwsFake.FIRST);
    }
  }

  @Test
  void utf8GoesAsTextAndAllElseAsBytes() {
    keys();
    byte[] binary = {'a', (byte) 0xff, 0};
    List<String> bodies = new CopyOnWriteArrayList<>();
    server.intercept(
        request -> {
          bodies.add(AwsFaults.text(request));
          return request.headers().getOrDefault("x-amz-target", "").endsWith("CreateSecret")
              ? AwsFake.ok("Name", "n", "VersionId", AwsFake.FIRST)
              : AwsFaults.error(400, "ResourceNotFoundException");
        });
    try (AwsStore store = open()) {
      var text = de.lifetimecircle.secrets.spi.PutRequest.always("n", SecretValue.of("päss€🔑"));
      var bytes = de.lifetimecircle.secrets.spi.PutRequest.always("n", SecretValue.of(binary));
      assertThat(store.put(text).version()).isEqualTo(AwsFake.FIRST);
      assertThat(store.put(bytes).version()).isEqualTo(AwsFake.FIRST);
    }
    assertThat(bodies.get(1)).contains("\"SecretString\":\"päss€\\uD83D\\uDD11\"");
    assertThat(bodies.get(3))
        .contains(
            "\"SecretBinary\":\"" + java.util.Base64.getEncoder().encodeToString(binary) + "\"")
        .doesNotContain("SecretString");
  }
}
