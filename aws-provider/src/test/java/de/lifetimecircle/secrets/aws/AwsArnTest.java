package de.lifetimecircle.secrets.aws;

import static de.lifetimecircle.secrets.aws.AwsFake.FIRST;
import static de.lifetimecircle.secrets.aws.AwsFake.SECOND;
import static de.lifetimecircle.secrets.aws.AwsFake.error;
import static de.lifetimecircle.secrets.aws.AwsFake.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.aws.store.AwsStore;
import de.lifetimecircle.secrets.spi.PutRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The full ARN as a name, which AWS requires for a secret of another account. */
class AwsArnTest {
  private static final String PREFIX = "arn:aws:secretsmanager:eu-central-1:210987654321:secret:";
  private static final String ARN = PREFIX + "shared/db-password-AbC123";

  private final AwsFake aws = new AwsFake();
  private final AwsStore store = aws.open();
  private final List<String> asked = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    store.close();
    aws.close();
  }

  private void held() {
    aws.on(
        "GetSecretValue",
        parameters -> {
          asked.add(String.valueOf(parameters.get("SecretId")));
          return AwsFake.value(FIRST, "held");
        });
    aws.on("DescribeSecret", AwsFake.described(Map.of(FIRST, List.of("AWSCURRENT"))));
  }

  @Test
  void everyReadTakesItAndAsksAwsForIt() {
    held();
    aws.on("ListSecretVersionIds", ok("Versions", List.of()));
    assertThat(store.fetch(ARN).version()).isEqualTo(FIRST);
    assertThat(store.fetchVersion(ARN, FIRST).version()).isEqualTo(FIRST);
    assertThat(store.versions(ARN)).isEmpty();
    assertThat(store.describe(ARN)).containsKey("label:AWSCURRENT");
    assertThat(asked).containsOnly(ARN);
    assertThat(aws.calls()).doesNotContain("ListSecrets");
  }

  @Test
  void aServiceReadsItThroughTheProvider() {
    held();
    try (SecretProvider provider =
        SecretProvider.builder().environment(Map.of()).store(store).build()) {
      assertThat(provider.get(ARN).asString()).isEqualTo("held");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws-cn:secretsmanager:eu-central-1:210987654321:secret:x-AbC123",
        "arn:aws-us-gov:secretsmanager:eu-central-1:210987654321:secret:a/b_c-AbC123",
        PREFIX + "rds!db-0d3f6b5e-AbC123",
        PREFIX + "jwt-secret-AbC123"
      })
  void anyPartitionAndAnyLegalNameIsTaken(String arn) {
    held();
    assertThat(store.fetch(arn).version()).isEqualTo(FIRST);
    assertThat(asked).containsExactly(arn);
  }

  @Test
  void aBatchHasItBesideItsName() {
    String name = "shared/db-password";
    aws.on(
        "BatchGetSecretValue",
        ok(
            "SecretValues",
            List.of(
                Map.of(
                    "ARN",
                    ARN,
                    "Name",
                    name,
                    "VersionId",
                    FIRST,
                    "SecretString",
                    "held",
                    "VersionStages",
                    List.of("AWSCURRENT"),
                    "CreatedDate",
                    AwsFake.date(1)))));
    var answers = store.fetchAll(List.of(ARN, name));
    assertThat(answers.get(ARN).orElseThrow().version()).isEqualTo(FIRST);
    assertThat(answers.get(name).orElseThrow().version()).isEqualTo(FIRST);
    assertThat(aws.calls()).containsExactly("BatchGetSecretValue");
  }

  @Test
  void putWritesAVersionAndCreatesNothing() {
    held();
    aws.on("PutSecretValue", ok("Name", "shared/db-password", "VersionId", SECOND));
    assertThat(put().version()).isEqualTo(SECOND);
    aws.on("GetSecretValue", error(400, "AccessDeniedException"));
    assertThat(put().version()).isEqualTo(SECOND);
    aws.on("GetSecretValue", error(400, "ResourceNotFoundException"));
    aws.on("PutSecretValue", error(400, "ResourceNotFoundException"));
    assertThat(failure(this::put).kind()).isEqualTo(Kind.NOT_FOUND);
    SecretException create =
        failure(() -> store.put(PutRequest.createOnly(ARN, SecretValue.of("x"))));
    assertThat(create.kind()).isEqualTo(Kind.BAD_NAME);
    assertThat(create).hasMessageContaining("Create it by its name");
    assertThat(aws.calls()).doesNotContain("CreateSecret");
  }

  @Test
  void secretOfAServiceIsNotWrittenByItsArn() {
    String arn = PREFIX + "rds!db-0d3f6b5e-AbC123";
    SecretException failure = failure(() -> store.delete(arn));
    assertThat(failure.kind()).isEqualTo(Kind.BAD_NAME);
    assertThat(failure).hasMessageContaining("the AWS service 'rds' manages it");
    assertThat(aws.calls()).isEmpty();
  }

  /** Secrets Manager answers for its own region only. */
  @Test
  void arnOfAnotherRegionNamesTheSetting() {
    String arn = "arn:aws:secretsmanager:us-east-1:210987654321:secret:x-AbC123";
    SecretException failure = failure(() -> store.fetch(arn));
    assertThat(failure.kind()).isEqualTo(Kind.BAD_NAME);
    assertThat(failure).hasMessageContaining("Set aws.region=us-east-1.");
    assertThat(store.fetchAll(List.of(arn)).get(arn).error()).isPresent();
    assertThat(aws.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:",
        "arn:aws:s3:::bucket",
        "arn:aws:secretsmanager:eu-central-1:210987654321:secret:x",
        "arn:aws:secretsmanager:eu-central-1:2109876:secret:x-AbC123",
        "arn:aws:secretsmanager:eu-central-1:210987654321:secret:a b-AbC123",
        "arn:aws:secretsmanager:eu-central-1:210987654321:secret:*-AbC123"
      })
  void whatIsNotTheFullArnOfASecretCostsNoCall(String arn) {
    SecretException failure = failure(() -> store.fetch(arn));
    assertThat(failure.kind()).isEqualTo(Kind.BAD_NAME);
    assertThat(failure).hasMessageContaining("secrets describe");
    assertThat(aws.calls()).isEmpty();
  }

  private PutResult put() {
    return store.put(PutRequest.always(ARN, SecretValue.of("new")));
  }

  private static SecretException failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable c) {
    return catchThrowableOfType(SecretException.class, c);
  }
}
