package de.lifetimecircle.secrets.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Variables that are empty, files that are none, and logins that other tools made. */
class AwsSurroundingsTest {
  private final FaultProxy aws = FaultProxy.to(URI.create("http://127.0.0.1:1")).start();
  private final FaultProxy machine = FaultProxy.to(URI.create("http://127.0.0.1:1")).start();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Request> toTheMachine = new CopyOnWriteArrayList<>();
  private final Map<String, String> values = new HashMap<>(Map.of("region", "eu-central-1"));
  private final Map<String, String> environment = new HashMap<>();

  @TempDir Path home;

  @BeforeEach
  void begin() {
    aws.intercept(
        request -> {
          requests.add(request);
          return AwsFake.value(AwsFake.FIRST, "held");
        });
    machine.intercept(
        request -> {
          toTheMachine.add(request);
          return Answer.of(404, "text/plain", "");
        });
    System.setProperty("aws.ec2MetadataServiceEndpoint", machine.uri().toString());
    values.put("endpoint", aws.uri().toString());
    environment.put("HOME", home.toString());
  }

  @AfterEach
  void close() {
    System.clearProperty("aws.ec2MetadataServiceEndpoint");
    System.clearProperty("aws.containerCredentialsFullUri");
    aws.close();
    machine.close();
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

  private void profile(String lines) throws IOException {
    Files.createDirectories(home.resolve(".aws"));
    Files.writeString(home.resolve(".aws/config"), "[default]\n" + lines);
  }

  private void reads() {
    try (AwsStore store = open()) {
      assertThat(store.fetch(AwsFake.NAME).version()).isEqualTo(AwsFake.FIRST);
    }
  }

  private SecretException failure() {
    try (AwsStore store = open()) {
      return catchThrowableOfType(SecretException.class, () -> store.fetch(AwsFake.NAME));
    }
  }

  private void assertThatTheMachineIsAsked() {
    assertThat(failure()).hasMessageContaining("no credentials were found");
    assertThat(toTheMachine).isNotEmpty();
  }

  @Test
  void emptyVariablesAreNotSet() throws IOException {
    profile("region = eu-west-1\naws_access_key_id = DEFAULTKEY\naws_secret_access_key = s\n");
    values.remove("region");
    for (String variable :
        List.of("AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_REGION")) {
      environment.put(variable, "");
    }
    reads();
    assertThat(requests.get(0).headers().get("authorization"))
        .contains("DEFAULTKEY/", "/eu-west-1/");
  }

  @Test
  void emptyProfileAndContainerLeaveTheLoginToTheInstance() {
    environment.put("AWS_PROFILE", " ");
    System.setProperty("aws.containerCredentialsFullUri", "");
    assertThatTheMachineIsAsked();
  }

  /** Docker makes one where a file is to be mounted that is not there. */
  @Test
  void folderInPlaceOfAProfileFileIsNoFile() throws IOException {
    Files.createDirectories(home.resolve(".aws/config"));
    Files.createDirectories(home.resolve(".aws/credentials"));
    assertThatTheMachineIsAsked();
  }

  @Test
  void addressOfStsMattersOnlyWhereStsIsAsked() throws IOException {
    environment.put("AWS_ENDPOINT_URL", "http://minio:9000");
    environment.put("AWS_ACCESS_KEY_ID", "ENVIRONMENTKEY00");
    environment.put("AWS_SECRET_ACCESS_KEY", "secret");
    reads();
    environment.remove("AWS_ACCESS_KEY_ID");
    environment.remove("AWS_SECRET_ACCESS_KEY");
    assertThatTheMachineIsAsked();
    Path token = Files.writeString(home.resolve("token"), "a.jwt");
    environment.put("AWS_WEB_IDENTITY_TOKEN_FILE", token.toString());
    environment.put("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/app");
    SecretException failure = failure();
    assertThat(failure.kind()).isEqualTo(Kind.CONFIGURATION);
    assertThat(failure)
        .hasMessageContaining("AWS_ENDPOINT_URL: http://minio (expected: https://HOST")
        .hasMessageContaining("aws.sts-endpoint");
    values.put("access-key-id", "STATICKEY0000000");
    values.put("secret-access-key", "secret");
    reads();
    values.put("role-arn", "arn:aws:iam::123456789012:role/app");
    SecretException refusal = catchThrowableOfType(SecretException.class, this::open);
    assertThat(refusal.problems()).hasSize(1);
    assertThat(requests).hasSize(2);
  }

  /** What {@code aws login} writes. */
  @Test
  void loginSessionOfAProfileIsNotPassedBy() throws IOException {
    profile("login_session = arn:aws:iam::123456789012:user/dev\n");
    SecretException failure = failure();
    assertThat(failure.kind()).isEqualTo(Kind.UNAUTHENTICATED);
    assertThat(failure)
        .hasMessageContaining("the login with the profile 'default' failed")
        .hasMessageContaining("software.amazon.awssdk:signin");
    assertThat(toTheMachine).isEmpty();
  }
}
