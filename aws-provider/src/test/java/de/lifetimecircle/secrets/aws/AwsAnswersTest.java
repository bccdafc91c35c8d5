package de.lifetimecircle.secrets.aws;

import static de.lifetimecircle.secrets.aws.AwsFake.FIRST;
import static de.lifetimecircle.secrets.aws.AwsFake.NAME;
import static de.lifetimecircle.secrets.aws.AwsFake.SECOND;
import static de.lifetimecircle.secrets.aws.AwsFake.error;
import static de.lifetimecircle.secrets.aws.AwsFake.ok;
import static de.lifetimecircle.secrets.aws.AwsFake.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.aws.store.AwsStore;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What AWS documents that it answers and no stand-in does: each has one kind. */
class AwsAnswersTest {
  private final AwsFake aws = new AwsFake();
  private final AwsStore store = aws.open();

  @AfterEach
  void close() {
    store.close();
    aws.close();
  }

  private static SecretException failure(ThrowingCallable call) {
    return catchThrowableOfType(SecretException.class, call);
  }

  @ParameterizedTest
  @CsvSource({
    "400, ResourceNotFoundException, NOT_FOUND",
    "400, AccessDeniedException, ACCESS_DENIED",
    "400, DecryptionFailure, ACCESS_DENIED",
    "400, EncryptionFailure, ACCESS_DENIED",
    "400, ThrottlingException, THROTTLED",
    "400, TooManyRequestsException, THROTTLED",
    "400, RequestLimitExceeded, THROTTLED",
    "429, anything, THROTTLED",
    "400, LimitExceededException, UNAVAILABLE",
    "400, InvalidSignatureException, UNAUTHENTICATED",
    "400, UnrecognizedClientException, UNAUTHENTICATED",
    "400, ExpiredTokenException, UNAUTHENTICATED",
    "400, IncompleteSignatureException, UNAUTHENTICATED",
    "400, MissingAuthenticationTokenException, UNAUTHENTICATED",
    "403, InvalidClientTokenId, UNAUTHENTICATED",
    "403, somethingNew, ACCESS_DENIED",
    "400, ResourceExistsException, CONFLICT",
    "400, InvalidParameterException, INTERNAL",
    "400, ValidationException, INTERNAL",
    "500, InternalServiceError, UNAVAILABLE",
    "503, ServiceUnavailable, UNAVAILABLE",
    "503, somethingNew, UNAVAILABLE",
    "400, UnknownOperationException, UNSUPPORTED"
  })
  void codeHasItsKind(int status, String code, Kind kind) {
    aws.on("GetSecretValue", error(status, code));
    SecretException failure = failure(() -> store.fetch(NAME));
    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.getMessage()).contains(NAME, code).doesNotContain("not for people");
    assertThat(failure.getCause()).isNull();
    assertThat(aws.calls()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "400, InvalidClientTokenId, UNAUTHENTICATED",
    "403, SignatureDoesNotMatch, UNAUTHENTICATED",
    "403, AccessDenied, ACCESS_DENIED",
    "403, '', ACCESS_DENIED",
    "401, '', UNAUTHENTICATED",
    "500, '', UNAVAILABLE",
    "502, '', UNAVAILABLE",
    "400, '', UNAVAILABLE"
  })
  void errorOfAnotherProtocolHasItsKind(int status, String code, Kind kind) {
    String xml =
        "<ErrorResponse><Error><Type>Sender</Type><Code>"
            + code
            + "</Code><Message>not for people</Message></Error></ErrorResponse>";
    aws.on("GetSecretValue", Answer.of(status, "text/xml", xml));
    SecretException failure = failure(() -> store.fetch(NAME));
    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.getMessage()).doesNotContain("not for people");
  }

  @Test
  void valueThatAnErrorQuotesIsNotHandedOn() {
    String value = "correct horse battery staple";
    String text = "1 validation error detected: Value '" + value + "' at 'secretString' failed";
    aws.on("GetSecretValue", error(400, "ResourceNotFoundException"));
    aws.on(
        "CreateSecret",
        Answer.of(
            400,
            "application/x-amz-json-1.1",
            de.lifetimecircle.secrets.spi.Json.write(
                Map.of("__type", "ValidationException", "message", text))));
    SecretException failure = failure(() -> put(value));
    assertThat(failure).hasMessageNotContaining("horse").hasNoCause();
    assertThat(failure.getSuppressed()).isEmpty();
  }

  @Test
  void timeToWaitIsPassedOnFromAThrottlingWithStatus400() {
    aws.on("GetSecretValue", error(400, "ThrottlingException").with("Retry-After", "7"));
    SecretException failure = failure(() -> store.fetch(NAME));
    assertThat(failure.retryAfter()).contains(Duration.ofSeconds(7));
    assertThat(failure.retryable()).isTrue();
  }

  @Test
  void timeToWaitMayBeADate() {
    aws.on(
        "GetSecretValue",
        error(503, "ServiceUnavailable")
            .with("Date", "Wed, 21 Oct 2015 07:28:00 GMT")
            .with("Retry-After", "Wed, 21 Oct 2015 07:28:09 GMT"));
    assertThat(failure(() -> store.fetch(NAME)).retryAfter()).contains(Duration.ofSeconds(9));
  }

  @Test
  void stateThatDoesNotAllowACallIsADeletionOnlyIfTheSecretSaysSo() {
    aws.on("GetSecretValue", error(400, "InvalidRequestException"));
    aws.on("DescribeSecret", AwsFake.deleted());
    SecretException deleted = failure(() -> store.fetch(NAME));
    assertThat(deleted.kind()).isEqualTo(Kind.PENDING_DELETION);
    assertThat(deleted).hasMessageContaining("2027-01-15");
    aws.on("DescribeSecret", AwsFake.described(Map.of(FIRST, List.of("AWSCURRENT"))));
    assertThat(failure(() -> store.fetch(NAME)).kind()).isEqualTo(Kind.CONFLICT);
  }

  @Test
  void deletionIsKnownWithoutTheRightToDescribe() {
    aws.on(
        "GetSecretValue",
        Answer.of(
            400,
            "application/x-amz-json-1.1",
            "{\"__type\":\"InvalidRequestException\",\"message\":\"You can't perform this operation"
                + " on the secret because it was marked for deletion.\"}"));
    aws.on("DescribeSecret", error(400, "AccessDeniedException"));
    assertThat(failure(() -> store.fetch(NAME)).kind()).isEqualTo(Kind.PENDING_DELETION);
  }

  @Test
  void nameThatIsBeingPurgedIsTakenForAMoment() {
    aws.on("GetSecretValue", error(400, "ResourceNotFoundException"));
    aws.on("CreateSecret", error(400, "InvalidRequestException"));
    aws.on("DescribeSecret", error(400, "ResourceNotFoundException"));
    SecretException failure = failure(() -> put("value"));
    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("purging");
  }

  @Test
  void putOnADeletedSecretSaysSo() {
    aws.on("GetSecretValue", error(400, "InvalidRequestException"));
    aws.on("DescribeSecret", AwsFake.deleted());
    assertThat(failure(() -> put("value")).kind()).isEqualTo(Kind.PENDING_DELETION);
    aws.on("CreateSecret", error(400, "InvalidRequestException"));
    assertThat(
            failure(() -> store.put(PutRequest.createOnly(NAME, SecretValue.of("value")))).kind())
        .isEqualTo(Kind.PENDING_DELETION);
  }

  @Test
  void tokenThatIsUsedForOtherDataIsAConflict() {
    aws.on("GetSecretValue", value(FIRST, "old"));
    aws.on("PutSecretValue", error(400, "ResourceExistsException"));
    assertThat(failure(() -> put("new")).kind()).isEqualTo(Kind.CONFLICT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ends-with-AbC123x/../../ä",
        "a b",
        "arn:aws:secretsmanager:eu-central-1:1:secret:x",
        "x?y",
        "x:y",
        "",
        "x\u0000",
        "*"
      })
  void illegalNameCostsNoCall(String name) {
    assertThat(failure(() -> store.fetch(name)).kind()).isEqualTo(Kind.BAD_NAME);
    assertThat(failure(() -> store.describe(name)).kind()).isEqualTo(Kind.BAD_NAME);
    assertThat(failure(() -> store.fetch("n".repeat(513))).kind()).isEqualTo(Kind.BAD_NAME);
    assertThat(aws.calls()).isEmpty();
  }

  /** AWS advises against such names, as they look like the end of an ARN, and takes them. */
  @ParameterizedTest
  @ValueSource(strings = {"jwt-secret", "app-config", "db-master", "prod/tls-AbC123"})
  void nameLikeTheEndOfAnArnIsMadeReadAndWritten(String name) {
    aws.on("GetSecretValue", error(400, "ResourceNotFoundException"));
    aws.on("CreateSecret", asked -> ok("Name", asked.get("Name"), "VersionId", FIRST));
    assertThat(store.put(PutRequest.always(name, SecretValue.of("x"))).version()).isEqualTo(FIRST);
    assertThat(store.put(PutRequest.createOnly(name, SecretValue.of("x"))).version())
        .isEqualTo(FIRST);
    aws.on("GetSecretValue", value(FIRST, "held"));
    aws.on("PutSecretValue", ok("Name", name, "VersionId", SECOND));
    assertThat(store.fetch(name).version()).isEqualTo(FIRST);
    assertThat(store.put(PutRequest.always(name, SecretValue.of("new"))).version())
        .isEqualTo(SECOND);
  }

  @Test
  void valueThatIsTooLargeOrEmptyCostsNoCall() {
    assertThat(failure(() -> put("x".repeat(65_537))).kind()).isEqualTo(Kind.TOO_LARGE);
    assertThat(failure(() -> put("")).kind()).isEqualTo(Kind.UNSUPPORTED);
    // Counted in bytes, not in characters.
    assertThat(failure(() -> put("€".repeat(21_846))).kind()).isEqualTo(Kind.TOO_LARGE);
    assertThat(aws.calls()).isEmpty();
  }

  @Test
  void emptyDocumentIsNotAValue() {
    aws.on("GetSecretValue", ok());
    SecretException failure = failure(() -> store.fetch(NAME));
    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void writerThatMayNotReadWritesAllTheSame() {
    aws.on("GetSecretValue", error(400, "AccessDeniedException"));
    aws.on("CreateSecret", error(400, "ResourceExistsException"));
    aws.on("PutSecretValue", ok("Name", NAME, "VersionId", SECOND));
    assertThat(put("value")).isEqualTo(SECOND);
  }

  @Test
  void readerThatMayNotListPassesTheCheck() {
    aws.on("ListSecrets", error(400, "AccessDeniedException"));
    assertThat(store.check()).containsEntry("region", "eu-central-1");
    assertThat(store.check().get("list")).contains("not allowed");
    aws.on("ListSecrets", error(400, "InvalidSignatureException"));
    assertThat(failure(store::check).kind()).isEqualTo(Kind.UNAUTHENTICATED);
  }

  /** As a list of thousands, which is 100 a page, one after the other. */
  @Test
  void aListOfManyPagesHasTheTimeForEachPage() {
    Duration timeout = Duration.ofSeconds(3);
    aws.on(
        "ListSecrets",
        parameters -> {
          LockSupport.parkNanos(timeout.toNanos() / 10);
          int page =
              parameters.get("NextToken") instanceof String token ? Integer.parseInt(token) : 0;
          Map<String, String> listed = Map.of("Name", "app/NAME-" + page);
          return page == 11
              ? ok("SecretList", List.of(listed))
              : ok("SecretList", List.of(listed), "NextToken", String.valueOf(page + 1));
        });
    long begun = System.nanoTime();
    try (SecretProvider provider =
        SecretProvider.builder()
            .environment(Map.of())
            .set("timeout", "3s")
            .set("retries", "0")
            .store(store)
            .build()) {
      assertThat(provider.list("app/")).hasSize(12);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(timeout);
    assertThat(aws.calls()).hasSize(12).containsOnly("ListSecrets");
  }

  @Test
  void newSecretGetsItsOwnDescriptionOrThatOfTheSettings() {
    List<String> described = new ArrayList<>();
    aws.on("GetSecretValue", error(400, "ResourceNotFoundException"));
    aws.on(
        "CreateSecret",
        asked -> {
          described.add(String.valueOf(asked.get("Description")));
          return ok("Name", NAME, "VersionId", FIRST);
        });
    PutRequest plain = PutRequest.always(NAME, SecretValue.of("x"));
    store.put(plain);
    store.put(plain.describedAs("Signs the sessions"));
    store.put(PutRequest.createOnly(NAME, SecretValue.of("x")).describedAs("Opens the door"));
    store.put(plain.describedAs("x".repeat(2046) + "\ud83d\udd11"));
    store.put(plain.describedAs("x".repeat(2046) + "\ud83d\udd11 and more"));
    try (AwsStore other = aws.open(Map.of("description", "of the settings"))) {
      other.put(plain);
      other.put(plain.describedAs("Opens the door"));
    }
    assertThat(described)
        .containsExactly(
            "null",
            "Signs the sessions",
            "Opens the door",
            "x".repeat(2046) + "\ud83d\udd11",
            "x".repeat(2046) + "…",
            "of the settings",
            "Opens the door");
  }

  private String put(String value) {
    return store.put(PutRequest.always(NAME, SecretValue.of(value))).version();
  }
}
