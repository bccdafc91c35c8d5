package de.lifetimecircle.secrets.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.aws.config.Settings;
import de.lifetimecircle.secrets.aws.store.AwsStore;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import de.lifetimecircle.secrets.testkit.FaultProxy.Request;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The login of a pod on the default chain: the failure has STS's reason, passing trouble is
 * retried, and no other identity of the machine takes the place of the one that was denied.
 */
class AwsStsTest {
  private static final String ROLE = "arn:aws:iam::123456789012:role/team/app";
  private static final String CLAIMS =
      "{\"iss\":\"https://oidc.eks.eu-central-1.amazonaws.com/id/ABCDEF0123456789ABCDEF0123456789\","
          + "\"sub\":\"system:serviceaccount:shop:api\",\"aud\":[\"sts.amazonaws.com\"]}";
  private static final String TOKEN = jwt("header-of-the-token", CLAIMS, "signature-of-the-token");

  private final FaultProxy aws = FaultProxy.to(URI.create("http://127.0.0.1:1")).start();
  private final FaultProxy machine = FaultProxy.to(URI.create("http://127.0.0.1:1")).start();
  private final List<Request> logins = new CopyOnWriteArrayList<>();
  private final List<Request> toTheMachine = new CopyOnWriteArrayList<>();
  private final Map<String, String> environment = new HashMap<>(Map.of("HOME", "/nowhere"));
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private volatile Function<Request, Answer> sts = request -> handedOut(Duration.ofHours(1));

  @TempDir Path folder;

  @BeforeEach
  void begin() throws IOException {
    aws.intercept(
        request -> {
          if (AwsFaults.isLogin(request)) {
            logins.add(request);
            return sts.apply(request);
          }
          return AwsFake.value(AwsFake.FIRST, "held");
        });
    machine.intercept(
        request -> {
          toTheMachine.add(request);
          return Answer.of(200, "text/plain", "the-node");
        });
    System.setProperty("aws.ec2MetadataServiceEndpoint", machine.uri().toString());
    environment.put("AWS_WEB_IDENTITY_TOKEN_FILE", token(TOKEN).toString());
    environment.put("AWS_ROLE_ARN", ROLE);
  }

  @AfterEach
  void close() {
    System.clearProperty("aws.ec2MetadataServiceEndpoint");
    aws.close();
    machine.close();
  }

  private static String jwt(String header, String claims, String signature) {
    Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
    List<String> parts = new ArrayList<>();
    for (String part : List.of(header, claims, signature)) {
      parts.add(encoder.encodeToString(part.getBytes(StandardCharsets.UTF_8)));
    }
    return String.join(".", parts);
  }

  /** As Kubernetes does: a new file takes the place of the old one. */
  private Path token(String text) throws IOException {
    Path fresh = Files.writeString(folder.resolve("fresh"), text);
    return Files.move(fresh, folder.resolve("token"), StandardCopyOption.REPLACE_EXISTING);
  }

  private StoreConfig config() {
    return new StoreConfig(
        Map.of(
            "region",
            "eu-central-1",
            "endpoint",
            aws.uri().toString(),
            "sts-endpoint",
            aws.uri().toString()),
        name -> Optional.ofNullable(environment.get(name)),
        Duration.ofSeconds(20),
        now::get);
  }

  private AwsStore open() {
    return new AwsStore(Settings.of(config()));
  }

  private static Answer refusal(int status, String code, String message) {
    return Answer.of(
        status,
        "text/xml",
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error>"
            + "<Type>Sender</Type><Code>"
            + code
            + "</Code><Message>"
            + message
            + "</Message></Error><RequestId>6a1f-77</RequestId></ErrorResponse>");
  }

  private Answer handedOut(Duration life) {
    Answer answer =
        AwsFake.assumed("AssumeRoleWithWebIdentity", "ROLEKEY000000000", "s", "session");
    String body = new String(answer.body(), StandardCharsets.UTF_8);
    return Answer.of(
        200, "text/xml", body.replace("2099-01-01T00:00:00Z", now.get().plus(life).toString()));
  }

  private SecretException failure() {
    try (AwsStore store = open()) {
      return catchThrowableOfType(SecretException.class, () -> store.fetch(AwsFake.NAME));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "403 | AccessDenied | Not authorized to perform sts:AssumeRoleWithWebIdentity"
            + " | ACCESS_DENIED",
        "400 | InvalidIdentityToken | Incorrect token audience | UNAUTHENTICATED",
        "400 | InvalidIdentityToken | No OpenIDConnect provider found in your account for"
            + " https://oidc.eks.eu-central-1.amazonaws.com/id/ABCDEF0123456789ABCDEF0123456789"
            + " | UNAUTHENTICATED",
        "400 | ExpiredTokenException | Token expired: current date/time 2 must be before 1"
            + " | UNAUTHENTICATED",
        "400 | ExpiredToken | Token expired | UNAUTHENTICATED",
        "400 | InvalidIdentityTokenException | The ID Token provided is not a valid JWT"
            + " | UNAUTHENTICATED",
        "403 | IDPRejectedClaim | Rejected | UNAUTHENTICATED"
      })
  void refusalIsToldSoThatATrustPolicyCanBeCorrected(
      int status, String code, String message, Kind kind) {
    sts = request -> refusal(status, code, message);
    SecretException failure = failure();
    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.retryable()).isFalse();
    assertThat(failure)
        .hasNoCause()
        .hasMessageContaining("the web identity of AWS_WEB_IDENTITY_TOKEN_FILE failed")
        .hasMessageContaining(code + ", request 6a1f-77")
        .hasMessageContaining(ROLE)
        .hasMessageContaining("\"" + message + "\"")
        .hasMessageContaining("sub 'system:serviceaccount:shop:api'")
        .hasMessageContaining("aud 'sts.amazonaws.com'")
        .hasMessageContaining("iss 'https://oidc.eks.eu-central-1.amazonaws.com/id/ABCDEF")
        .hasMessageContaining("aws iam get-role --role-name app ");
    assertThat(logins).hasSize(1);
    assertThat(toTheMachine).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "400, IDPCommunicationError, UNAVAILABLE",
    "400, Throttling, THROTTLED",
    "400, ThrottlingException, THROTTLED",
    "503, RequestLimitExceeded, THROTTLED",
    "429, TooManyRequestsException, THROTTLED",
    "503, ServiceUnavailable, UNAVAILABLE",
    "500, InternalFailure, UNAVAILABLE"
  })
  void passingTroubleOfStsCanBeTriedAgain(int status, String code, Kind kind) {
    sts = request -> refusal(status, code, "a moment");
    SecretException failure = failure();
    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.retryable()).isTrue();
    assertThat(failure)
        .hasMessageContaining("AWS_WEB_IDENTITY_TOKEN_FILE")
        .hasMessageContaining(code);
    assertThat(logins).hasSize(1);
    assertThat(toTheMachine).isEmpty();
  }

  /** STS reads the keys of the cluster itself; a mass restart meets the limit of their server. */
  @ParameterizedTest
  @ValueSource(strings = {"InvalidIdentityToken", "InvalidIdentityTokenException"})
  void verificationKeyThatStsCouldNotGetCanBeTriedAgain(String code) {
    String message = "Couldn't retrieve verification key from your identity provider, please see";
    sts = request -> refusal(400, code, message);
    SecretException failure = failure();
    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure.retryable()).isTrue();
    assertThat(failure).hasMessageContaining(code).hasMessageContaining("\"" + message + "\"");
    assertThat(logins).hasSize(1);
    assertThat(toTheMachine).isEmpty();
  }

  @Test
  void answerWithoutADocumentAndNoAnswerCanBeTriedAgain() {
    sts = request -> Answer.of(503, "text/html", "");
    assertThat(failure().kind()).isEqualTo(Kind.UNAVAILABLE);
    sts = request -> Answer.of(200, "text/html", "<html>portal</html>");
    assertThat(failure())
        .hasMessageContaining("STS at " + aws.uri() + ": the answer is not one of AWS")
        .extracting(SecretException::kind)
        .isEqualTo(Kind.UNAVAILABLE);
    aws.close();
    SecretException failure = failure();
    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure)
        .hasMessageContaining("STS at " + aws.uri() + ": the connection was refused")
        .hasMessageContaining("Check aws.sts-endpoint");
    assertThat(toTheMachine).isEmpty();
  }

  @Test
  void noPartOfATokenShows() throws IOException {
    try (LeakProbe probe = LeakProbe.start()) {
      String secret = probe.canary("token");
      String token = jwt("{\"alg\":\"RS256\"}", "{\"sub\":\"s\"}", secret);
      token(token);
      for (String code : List.of("AccessDenied", "ValidationError", "InvalidIdentityToken")) {
        sts =
            request -> refusal(400, code, "Value '" + token + "' at 'webIdentityToken' " + secret);
        SecretException failure = failure();
        assertThat(failure).hasMessageContaining(code).hasMessageNotContaining("RS256");
        for (String part : token.split("\\.", -1)) {
          assertThat(failure).hasMessageNotContaining(part);
        }
      }
      token(secret);
      sts = request -> refusal(403, "AccessDenied", "Value '" + secret + "' is no token");
      probe.look("message", failure().getMessage()).assertClean();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing", "empty", "folder", "long"})
  void tokenFileWithoutATokenIsNamed(String what) throws IOException {
    Path file = folder.resolve(what);
    switch (what) {
      case "empty" -> Files.writeString(file, " \n");
      case "folder" -> Files.createDirectory(file);
      case "long" -> Files.writeString(file, "x".repeat(20_001));
      default -> {}
    }
    environment.put("AWS_WEB_IDENTITY_TOKEN_FILE", file.toString());
    SecretException failure = failure();
    assertThat(failure.kind()).isEqualTo(Kind.UNAUTHENTICATED);
    assertThat(failure).hasMessageContaining("the token file " + file).hasNoCause();
    assertThat(logins).isEmpty();
    assertThat(toTheMachine).isEmpty();
  }

  @Test
  void tokenFileWithoutARoleIsAMistakeAndARoleWithoutAFileIsNone() {
    environment.remove("AWS_ROLE_ARN");
    SecretException failure = failure();
    assertThat(failure.kind()).isEqualTo(Kind.UNAUTHENTICATED);
    assertThat(failure).hasMessageContaining("AWS_ROLE_ARN is not set");
    assertThat(toTheMachine).isEmpty();
    environment.put("AWS_ROLE_ARN", ROLE);
    environment.remove("AWS_WEB_IDENTITY_TOKEN_FILE");
    assertThat(failure()).hasMessageContaining("no credentials were found");
    assertThat(toTheMachine).isNotEmpty();
  }

  @Test
  void secondLoginOfAProcessReadsTheTokenThatKubernetesPutThere() throws IOException {
    try (AwsStore store = open()) {
      assertThat(store.fetch(AwsFake.NAME).version()).isEqualTo(AwsFake.FIRST);
      now.set(now.get().plus(Duration.ofMinutes(40)));
      assertThat(store.fetch(AwsFake.NAME).version()).isEqualTo(AwsFake.FIRST);
      assertThat(logins).hasSize(1);
      token("second.jwt");
      now.set(now.get().plus(Duration.ofMinutes(18)));
      assertThat(store.fetch(AwsFake.NAME).version()).isEqualTo(AwsFake.FIRST);
      awaitRenewal();
    }
    assertThat(logins).hasSize(2);
    assertThat(AwsFaults.text(logins.get(1))).contains("WebIdentityToken=second.jwt");
  }

  @Test
  void keysThatAreStillGoodOutliveAnOutageOfStsWithoutAStorm() {
    try (AwsStore store = open()) {
      assertThat(store.fetch(AwsFake.NAME).version()).isEqualTo(AwsFake.FIRST);
      sts = request -> refusal(400, "Throttling", "a moment");
      now.set(now.get().plus(Duration.ofMinutes(58)));
      for (int i = 0; i < 50; i++) {
        assertThat(store.fetch(AwsFake.NAME).version()).isEqualTo(AwsFake.FIRST);
      }
      awaitRenewal();
      assertThat(logins).hasSize(2);
      now.set(now.get().plusSeconds(21));
      assertThat(store.fetch(AwsFake.NAME).version()).isEqualTo(AwsFake.FIRST);
      awaitRenewal();
      assertThat(logins).hasSize(3);
      now.set(now.get().plus(Duration.ofMinutes(2)));
      SecretException failure =
          catchThrowableOfType(SecretException.class, () -> store.fetch(AwsFake.NAME));
      assertThat(failure.kind()).isEqualTo(Kind.THROTTLED);
      sts = request -> handedOut(Duration.ofHours(1));
      assertThat(store.fetch(AwsFake.NAME).version()).isEqualTo(AwsFake.FIRST);
    }
  }

  /** Each fetch would wait for its whole deadline, twenty seconds. */
  @Test
  @Timeout(120)
  void keysThatAreStillGoodAreServedAtOnceWhileStsNeverAnswers() {
    CountDownLatch never = new CountDownLatch(1);
    try (AwsStore store = open()) {
      assertThat(store.fetch(AwsFake.NAME).version()).isEqualTo(AwsFake.FIRST);
      sts =
          request -> {
            awaitOrFail(never);
            return refusal(503, "ServiceUnavailable", "a moment");
          };
      now.set(now.get().plus(Duration.ofMinutes(56)));
      for (int i = 0; i < 20; i++) {
        assertThat(store.fetch(AwsFake.NAME).version()).isEqualTo(AwsFake.FIRST);
        now.set(now.get().plusSeconds(7));
      }
      assertThat(awaitLogins(2)).hasSize(2);
    } finally {
      never.countDown();
    }
  }

  private List<Request> awaitLogins(int count) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (logins.size() < count && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    return logins;
  }

  /** Renewals are made on threads of their own. */
  private static void awaitRenewal() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (Thread.getAllStackTraces().keySet().stream()
            .anyMatch(thread -> thread.getName().equals("secrets-aws-login"))
        && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  @Test
  void manyReadersOfANewProcessMakeOneLoginAndShareItsFailure() throws Exception {
    CountDownLatch allWait = new CountDownLatch(1);
    sts =
        request -> {
          awaitOrFail(allWait);
          return refusal(400, "Throttling", "a moment");
        };
    List<Kind> kinds = new CopyOnWriteArrayList<>();
    List<Thread> readers = new ArrayList<>();
    try (AwsStore store = open()) {
      for (int i = 0; i < 20; i++) {
        String name = "name-" + i;
        Thread reader =
            new Thread(
                () ->
                    kinds.add(
                        catchThrowableOfType(SecretException.class, () -> store.fetch(name))
                            .kind()));
        reader.start();
        readers.add(reader);
      }
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (readers.stream().anyMatch(reader -> reader.getState() != Thread.State.WAITING)
          && System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      allWait.countDown();
      for (Thread reader : readers) {
        reader.join(20_000);
      }
    }
    assertThat(kinds).hasSize(20).containsOnly(Kind.THROTTLED);
    assertThat(logins).hasSize(1);
  }

  private static void awaitOrFail(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void providerTriesAgainWithinItsDeadline() {
    sts =
        request ->
            logins.size() < 2
                ? refusal(400, "IDPCommunicationError", "a moment")
                : handedOut(Duration.ofHours(1));
    try (SecretProvider provider = SecretProvider.builder().store(open()).build()) {
      assertThat(provider.get(AwsFake.NAME).version()).isEqualTo(AwsFake.FIRST);
    }
    assertThat(logins).hasSize(2);
  }

  @Test
  void aDeniedLoginIsNotTriedForEachNameOfABatch() {
    sts = request -> refusal(403, "AccessDenied", "Not authorized");
    try (AwsStore store = open()) {
      assertThat(store.fetchAll(List.of("a", "b", "c")).values())
          .allSatisfy(
              answer ->
                  assertThat(answer.error().orElseThrow().kind()).isEqualTo(Kind.ACCESS_DENIED));
    }
    assertThat(logins).hasSize(1);
  }

  /** The real variables of a pod on EKS, in a process of its own. */
  @Test
  void podWhoseWebIdentityIsDeniedDoesNotGoOnWithTheRoleOfItsNode() throws Exception {
    sts =
        request ->
            refusal(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity");
    assertThat(pod().run())
        .contains(
            "ACCESS_DENIED Cannot reach Secrets Manager (aws): the login with the web identity")
        .contains("\"Not authorized to perform sts:AssumeRoleWithWebIdentity\"")
        .contains("sub 'system:serviceaccount:shop:api'");
    assertThat(logins).hasSize(2);
    assertThat(toTheMachine).isEmpty();
    sts = request -> handedOut(Duration.ofHours(1));
    assertThat(pod().run())
        .contains("credentials=the web identity of AWS_WEB_IDENTITY_TOKEN_FILE")
        .contains("sts-endpoint=" + aws.uri() + " (AWS_ENDPOINT_URL_STS)")
        .contains("read " + AwsFake.FIRST);
    assertThat(logins).hasSize(3);
  }

  private AwsChildProcess pod() {
    return new AwsChildProcess(folder)
        .environment("AWS_REGION", "eu-central-1")
        .environment("AWS_STS_REGIONAL_ENDPOINTS", "regional")
        .environment("AWS_ROLE_ARN", ROLE)
        .environment("AWS_WEB_IDENTITY_TOKEN_FILE", folder.resolve("token").toString())
        .environment("AWS_ENDPOINT_URL_STS", aws.uri().toString())
        .environment("AWS_ENDPOINT_URL_SECRETS_MANAGER", aws.uri().toString())
        .environment("AWS_EC2_METADATA_SERVICE_ENDPOINT", machine.uri().toString())
        .setting("reads", "1");
  }
}
