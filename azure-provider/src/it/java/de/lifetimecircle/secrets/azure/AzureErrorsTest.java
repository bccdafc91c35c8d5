package de.lifetimecircle.secrets.azure;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.azure.errors.Failures;
import de.lifetimecircle.secrets.azure.store.AzureStore;
import de.lifetimecircle.secrets.spi.StoreFailure;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AzureErrorsTest extends AzureOnTestVault {
  private static SecretException failureOf(Answer answer) {
    vault.answering(request -> answer);
    try (AzureStore store = vault.settings().open()) {
      return failure(() -> store.fetch("name"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, BadParameter, '', INVALID_VALUE",
    "401, Unauthorized, '', UNAUTHENTICATED",
    "403, Forbidden, SecretDisabled, DISABLED",
    "403, SecretDisabled, '', DISABLED",
    "403, Forbidden, ForbiddenByRbac, ACCESS_DENIED",
    "403, Forbidden, AccessDenied, ACCESS_DENIED",
    "403, Forbidden, ForbiddenByFirewall, ACCESS_DENIED",
    "403, Forbidden, '', ACCESS_DENIED",
    "404, SecretNotFound, '', NOT_FOUND",
    "404, ResourceNotFound, '', CONFIGURATION",
    "404, VaultNotFound, '', CONFIGURATION",
    "408, RequestTimeout, '', TIMEOUT",
    "409, Conflict, ObjectIsDeletedButRecoverable, PENDING_DELETION",
    "409, Conflict, ObjectIsBeingDeleted, PENDING_DELETION",
    "409, Conflict, ObjectIsBeingRecovered, PENDING_DELETION",
    "409, Conflict, '', CONFLICT",
    "413, RequestEntityTooLarge, '', TOO_LARGE",
    "429, Throttled, '', THROTTLED",
    "500, InternalServerError, '', UNAVAILABLE",
    "503, ServiceUnavailable, '', UNAVAILABLE"
  })
  void statusAndCodesDecide(int status, String code, String inner, Kind kind) {
    // The same for what is asked next: whether a missing name is a deleted one.
    vault.answering(
        request ->
            request.target().contains("/deletedsecrets/")
                ? Documented.error(404, "SecretNotFound", "")
                : Documented.error(status, code, inner));
    try (AzureStore store = vault.settings().open()) {
      SecretException failure = failure(() -> store.fetch("name"));
      assertThat(failure.kind()).isEqualTo(kind);
      assertThat(failure.name()).contains("name");
      assertThat(failure.scheme()).contains("azure");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 302, 400, 404, 418, 502})
  void pageOfSomebodyElseIsNoAnswer(int status) {
    SecretException failure =
        failureOf(Answer.of(status, "text/html", "<html><body>Sign in</body></html>"));
    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure).hasMessageNotContaining("Sign in");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "null", "{\"value\":\"x\"}{}", "{\"value\":}"})
  void otherThanAnObjectIsNoAnswer(String body) {
    assertThat(failureOf(Answer.of(200, Documented.JSON, body)).kind()).isEqualTo(Kind.UNAVAILABLE);
  }

  /** Some answers carry the telling code outside, without an inner one. */
  @ParameterizedTest
  @CsvSource({
    "Forbidden, ForbiddenByFirewall",
    "ForbiddenByFirewall, ''",
    "ForbiddenByConnection, ''"
  })
  void firewallIsNamedByEitherCode(String code, String inner) {
    assertThat(failureOf(Documented.error(403, code, inner))).hasMessageContaining("firewall");
  }

  @Test
  void objectWithoutAValueIsCorrupt() {
    assertThat(failureOf(Answer.of(200, Documented.JSON, "{}")).kind())
        .isIn(Kind.CORRUPT, Kind.BAD_NAME);
  }

  @Test
  void timeToWaitIsPassedOnUnlessItIsNone() {
    Answer throttled = Documented.error(429, "Throttled", "");
    assertThat(failureOf(throttled.with("retry-after", "7")).retryAfter())
        .contains(Duration.ofSeconds(7));
    assertThat(failureOf(throttled.with("retry-after", "0")).retryAfter()).isEmpty();
    assertThat(failureOf(throttled.with("retry-after", "soon")).retryAfter()).isEmpty();
    assertThat(failureOf(throttled).retryAfter()).isEmpty();
    Answer dated = throttled.with("date", "Wed, 21 Oct 2015 07:28:00 GMT");
    assertThat(failureOf(dated.with("retry-after", "Wed, 21 Oct 2015 07:28:09 GMT")).retryAfter())
        .contains(Duration.ofSeconds(9));
  }

  @Test
  void nothingIsTriedTwice() {
    AtomicInteger requests = new AtomicInteger();
    for (int status : new int[] {429, 500, 503}) {
      requests.set(0);
      vault.answering(
          request -> {
            requests.incrementAndGet();
            return Documented.error(status, "Code", "");
          });
      try (AzureStore store = vault.settings().open()) {
        var read = failure(() -> store.fetch("name"));
        assertThat(read.retryable()).isTrue();
        assertThat(requests).hasValue(1);
      }
    }
  }

  @Test
  void textOfAnAnswerIsNotHandedOn() {
    try (LeakProbe probe = LeakProbe.start()) {
      String canary = probe.canary("echo");
      Answer echo =
          Answer.of(
              403,
              Documented.JSON,
              "{\"error\":{\"code\":\"" + canary + "!\",\"message\":\"" + canary + "\"}}");
      probe.look("exception", failureOf(echo));
      probe.look("exception", failureOf(Answer.of(500, "text/plain", canary)));
      probe.assertClean();
    }
  }

  @Test
  void answerThatNeedsNoLoginIsNoVault() {
    vault.proxy.intercept(
        request ->
            Answer.of(
                200,
                Documented.JSON,
                Documented.secret("x.test", "name", "planted", "text/plain")));
    try (AzureStore store = vault.settings().open()) {
      SecretException failure = failure(() -> store.fetch("name"));
      assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(failure).hasMessageContaining("asks for no login");
    }
  }

  /** As Azure Stack Hub, which knew 7.1 at most in 2023 (Azure/azure-sdk-for-python #28595). */
  @Test
  void vaultThatKnowsOnlyAnOlderInterfaceIsAskedInItsWords() {
    vault.hold("name", "held");
    vault.answering(
        request ->
            request.target().contains("secrets/") && !request.target().contains("api-version=7.1")
                ? Documented.error(400, "BadParameter", "")
                : null);
    try (AzureStore store = vault.settings().open()) {
      assertThat(failure(Kind.INVALID_VALUE, () -> store.fetch("name")))
          .hasMessageContaining("azure.api-version");
    }
    try (AzureStore store = vault.settings().with("api-version", "7.1").open()) {
      assertThat(AzureTestVault.get(store, "name")).isEqualTo("held");
      AzureTestVault.put(store, "name", "new");
      assertThat(store.versions("name")).hasSize(2);
      store.delete("name");
    }
  }

  @Test
  void challengeOfAnotherDomainGetsNoToken() {
    AzureTestVault settings = vault.settings().without("challenge-verification");
    try (AzureStore store = settings.open()) {
      SecretException failure = failure(() -> store.fetch("name"));
      assertThat(failure.kind()).isEqualTo(Kind.UNAUTHENTICATED);
      assertThat(failure).hasMessageContaining("a domain other than the vault's");
      assertThat(vault.server.loginAttempts()).isZero();
    }
  }

  @Test
  void interruptIsFoundInAnyCauseAndRestored() {
    RuntimeException wrapped =
        new RuntimeException(new ExecutionException(new InterruptedException()));
    assertThat(Failures.problem(wrapped).kind()).isEqualTo(Kind.INTERRUPTED);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void unforeseenFailureIsADefectWithoutItsText() {
    StoreFailure problem = Failures.problem(new IllegalStateException("hush"));
    assertThat(problem.kind()).isEqualTo(Kind.INTERNAL);
    assertThat(problem.reason() + problem.getCause()).doesNotContain("hush");
  }

  @Test
  void circleOfCausesEnds() {
    IllegalStateException one = new IllegalStateException();
    one.initCause(new IllegalStateException(one));
    assertThat(Failures.problem(one).kind()).isEqualTo(Kind.INTERNAL);
  }
}
