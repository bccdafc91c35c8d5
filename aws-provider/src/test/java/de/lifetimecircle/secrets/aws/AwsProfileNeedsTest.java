package de.lifetimecircle.secrets.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.aws.config.Settings;
import de.lifetimecircle.secrets.aws.store.AwsStore;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import de.lifetimecircle.secrets.testkit.FaultProxy.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Profiles that people have and services cannot use as they are: each says what it needs. */
class AwsProfileNeedsTest {
  private final AwsFake aws = new AwsFake();

  @TempDir Path home;

  @AfterEach
  void close() {
    aws.close();
  }

  private AwsStore open(String profiles) throws IOException {
    Path file = Files.writeString(home.resolve("config"), profiles);
    String uri = aws.proxy().uri().toString();
    return new AwsStore(
        Settings.of(
            new StoreConfig(
                Map.of(
                    "region",
                    "eu-central-1",
                    "profile",
                    "app",
                    "endpoint",
                    uri,
                    "sts-endpoint",
                    uri),
                name ->
                    Optional.ofNullable(
                        Map.of("AWS_CONFIG_FILE", file.toString(), "HOME", home.toString())
                            .get(name)),
                Duration.ofSeconds(5),
                InstantSource.system())));
  }

  private static SecretException failure(AwsStore store) {
    return catchThrowableOfType(SecretException.class, () -> store.fetch(AwsFake.NAME));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sso_account_id = 1;sso_region = eu-central-1;sso_role_name = r;sso_start_url ="
            + " https://x.test | Add software.amazon.awssdk:sso and software.amazon.awssdk:ssooidc"
            + " in version 2. | aws sso login --profile app",
        "login_session = arn:aws:iam::1:user/a | Add software.amazon.awssdk:signin in version 2."
            + " | aws login --profile app",
        "credential_process = /no/such/program | its credential_process failed"
            + " | aws sts get-caller-identity --profile app"
      })
  void profileThatNeedsMoreSaysWhat(String lines, String what, String command) throws IOException {
    try (AwsStore store = open("[profile app]\n" + lines.replace(';', '\n') + "\n")) {
      assertThat(failure(store))
          .hasMessageContaining("the profile 'app'")
          .hasMessageContaining(what)
          .hasMessageContaining(command)
          .hasNoCause();
    }
  }

  /** As with boto3 and the AWS CLI: keys of a source come before its role. */
  @ParameterizedTest
  @CsvSource({"app, OWNKEY0000000000", "other, OTHERKEY00000000"})
  void profileWithARoleIsASourceByItsKeys(String source, String key) throws IOException {
    aws.on("AssumeRole", AwsFake.assumed("AssumeRole", "ROLEKEY000000000", "s", "token"));
    aws.on("GetSecretValue", AwsFake.value(AwsFake.FIRST, "held"));
    String profiles =
        """
        [profile app]
        role_arn = arn:aws:iam::123456789012:role/app
        source_profile = SOURCE
        aws_access_key_id = OWNKEY0000000000
        aws_secret_access_key = s
        aws_session_token = t
        [profile other]
        role_arn = arn:aws:iam::123456789012:role/other
        source_profile = app
        aws_access_key_id = OTHERKEY00000000
        aws_secret_access_key = s
        aws_session_token = t
        """
            .replace("SOURCE", source);
    try (AwsStore store = open(profiles)) {
      assertThat(store.fetch(AwsFake.NAME).version()).isEqualTo(AwsFake.FIRST);
    }
    assertThat(aws.calls()).containsExactly("AssumeRole", "GetSecretValue");
    Request login = aws.requests().get(0);
    assertThat(login.headers().get("authorization")).contains(key);
    assertThat(login.headers()).containsEntry("x-amz-security-token", "t");
    assertThat(AwsFaults.text(login)).contains("role%2Fapp");
    assertThat(aws.requests().get(1).headers().get("authorization")).contains("ROLEKEY000000000");
  }

  @Test
  void roleThatMayAskForADeviceSaysHowToStartWithKeysOfASession() throws IOException {
    String profiles =
        """
        [profile app]
        role_arn = arn:aws:iam::123456789012:role/test
        source_profile = keys
        mfa_serial = arn:aws:iam::123456789012:mfa/a
        [profile keys]
        aws_access_key_id = SOURCEKEY0000000
        aws_secret_access_key = s
        """;
    aws.on("AssumeRole", AwsFake.assumed("AssumeRole", "ROLEKEY000000000", "s", "token"));
    aws.on("GetSecretValue", AwsFake.value(AwsFake.FIRST, "held"));
    try (AwsStore store = open(profiles)) {
      assertThat(store.fetch(AwsFake.NAME).version()).isEqualTo(AwsFake.FIRST);
    }
    aws.on(
        "AssumeRole",
        Answer.of(
            403,
            "text/xml",
            "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message>"
                + "</Error></ErrorResponse>"));
    try (AwsStore store = open(profiles)) {
      SecretException failure = failure(store);
      assertThat(failure.kind()).isEqualTo(Kind.ACCESS_DENIED);
      assertThat(failure)
          .hasMessageContaining("mfa_serial")
          .hasMessageContaining("aws configure export-credentials --profile app --format env");
    }
  }
}
