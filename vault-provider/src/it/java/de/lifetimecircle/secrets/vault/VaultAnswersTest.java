package de.lifetimecircle.secrets.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testkit.Fault;
import de.lifetimecircle.secrets.testkit.FaultProxy;
import de.lifetimecircle.secrets.testkit.FaultProxy.Answer;
import de.lifetimecircle.secrets.testkit.FaultProxy.Request;
import de.lifetimecircle.secrets.vault.store.KvV2;
import de.lifetimecircle.secrets.vault.store.VaultStore;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.logging.Filter;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Answers that OpenBao does not give here, as HashiCorp's documentation of the HTTP API has them
 * (developer.hashicorp.com/vault/api-docs, read 2026-11-24): enterprise states, namespaces, quotas.
 */
final class VaultAnswersTest {
  private static final String SECRET =
      "{\"data\":{\"data\":{\"value\":\"held\"},\"metadata\":{\"version\":3,"
          + "\"created_time\":\"2026-11-24T10:00:00.5Z\",\"deletion_time\":\"\","
          + "\"destroyed\":false}}}";

  private final List<Request> seen = Collections.synchronizedList(new ArrayList<>());
  private FaultProxy server;

  @BeforeEach
  void start() {
    // Nothing is behind it: every answer is the test's.
    server = FaultProxy.to(URI.create("http://127.0.0.1:9")).start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void answer(Function<Request, Answer> function) {
    server.intercept(
        request -> {
          seen.add(request);
          // A token that was given is looked at in the background; here it never ends.
          return request.target().endsWith("lookup-self")
              ? json(200, "{\"data\":{\"ttl\":0,\"renewable\":false}}")
              : function.apply(request);
        });
  }

  private static Answer json(int status, String body) {
    return Answer.of(status, "application/json", body);
  }

  private static Answer error(int status, String text) {
    return json(status, "{\"errors\":[\"" + text + "\"]}");
  }

  private VaultStore open(String... more) {
    Map<String, String> settings = new java.util.HashMap<>();
    settings.put("address", server.uri().toString());
    settings.put("token", "t");
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return VaultTestServer.open(settings);
  }

  /** A connection that a lost request kept would be one less for the rest of the process. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void requestsThatAreLostKeepNoConnection(int connections) {
    answer(request -> json(200, SECRET));
    try (VaultStore store = open("max-connections", "" + connections)) {
      for (int round = 0; round < 3; round++) {
        server.inject(Fault.REFUSED);
        for (int i = 0; i < connections; i++) {
          assertThat(catchThrowableOfType(SecretException.class, () -> store.fetch("NAME")).kind())
              .isEqualTo(Kind.UNAVAILABLE);
        }
        server.clear();
        answer(request -> json(200, SECRET));
        assertThat(VaultTestServer.text(store, "NAME")).isEqualTo("held");
      }
    }
  }

  /** The secret is gone by then, so a failure would only make people purge it again. */
  @ParameterizedTest
  @CsvSource({
    "403, Grant create and update on secret/metadata/NAME in a policy of the token",
    "500, Look at the server's log",
    "429, Raise its quota or wait",
    "400, Look at the server's log"
  })
  void purgeIsDoneThoughItsSettingsCannotBeWrittenAgain(int status, String advice) {
    String metadata =
        "{\"data\":{\"current_version\":1,\"delete_version_after\":\"1h0m0s\",\"versions\":"
            + "{\"1\":{\"created_time\":\"2026-11-24T10:00:00.5Z\",\"deletion_time\":"
            + "\"2026-11-24T10:00:00.7Z\",\"destroyed\":false}}}}";
    answer(
        request ->
            switch (request.method()) {
              case "GET" -> json(200, metadata);
              case "DELETE" -> json(204, "");
              default -> error(status, "no");
            });
    List<String> warnings = new ArrayList<>();
    Logger log = Logger.getLogger(KvV2.class.getName());
    Filter before = log.getFilter();
    log.setFilter(line -> warnings.add(new SimpleFormatter().formatMessage(line)));
    try (VaultStore store = open()) {
      store.purge("NAME");
    } finally {
      log.setFilter(before);
    }
    assertThat(warnings)
        .singleElement()
        .asString()
        .startsWith(
            "Purged secret/NAME, but cannot write its settings {delete_version_after=1h0m0s}")
        .contains(". " + advice + ". Then set them with: vault kv metadata put");
  }

  /** The setting may be the mount's or the secret's; the times are those of the server's clock. */
  @ParameterizedTest
  @CsvSource({
    "0s, 200, 0s, true",
    "0s, 403, 30m0s, true",
    "2h0m0s, 403, 30m0s, true",
    "0s, 200, 2h0m0s, true",
    "0s, 200, 30m0s, false",
    "2h0m0s, 200, 30m0s, false"
  })
  void restoreRefusesAValueThatWouldHaveExpired(
      String ofSecret, int status, String ofMount, boolean isDone) {
    String metadata =
        "{\"data\":{\"current_version\":1,\"delete_version_after\":\""
            + ofSecret
            + "\",\"versions\":{\"1\":{\"created_time\":\"2030-01-01T10:00:00.5Z\","
            + "\"deletion_time\":\"2030-01-01T10:00:00.7Z\",\"destroyed\":false}}}}";
    String config = "{\"data\":{\"delete_version_after\":\"" + ofMount + "\"}}";
    answer(
        request -> {
          if (request.target().endsWith("/secret/config")) {
            return status == 200 ? json(200, config) : error(status, "permission denied");
          }
          return request.method().equals("GET")
              ? json(200, metadata).with("Date", "Tue, 01 Jan 2030 11:00:00 GMT")
              : json(204, "");
        });
    try (VaultStore store = open()) {
      SecretException failure =
          catchThrowableOfType(SecretException.class, () -> store.restore("NAME"));
      assertThat(failure == null).isEqualTo(isDone);
      if (failure != null) {
        assertThat(failure)
            .hasMessageContaining("would have expired by now")
            .hasMessageContaining("Purge it, then put");
      }
    }
    assertThat(seen.stream().filter(request -> request.target().contains("/undelete/")))
        .hasSize(isDone ? 1 : 0);
  }

  /** By the server's clock, whatever this machine's says. */
  @ParameterizedTest
  @CsvSource({
    "'Wed, 01 Jan 2020 11:00:00 GMT', true",
    "'Wed, 01 Jan 2020 12:00:00 GMT', false",
    "today, false"
  })
  void anUndeletedValueIsThereUntilItsNewEnd(String date, boolean isThere) {
    String metadata =
        "{\"data\":{\"current_version\":1,\"delete_version_after\":\"2h0m0s\",\"versions\":{\"1\":"
            + "{\"created_time\":\"2020-01-01T09:00:00.7Z\",\"deletion_time\":"
            + "\"2020-01-01T11:30:00.5Z\",\"destroyed\":false}}}}";
    answer(request -> json(200, metadata).with("Date", date));
    try (VaultStore store = open()) {
      SecretException failure =
          catchThrowableOfType(SecretException.class, () -> store.versions("NAME"));
      assertThat(failure == null).isEqualTo(isThere);
    }
  }

  private SecretException failure() {
    try (VaultStore store = open()) {
      return catchThrowableOfType(SecretException.class, () -> store.fetch("a/NAME"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "412,required index state not present,UNAVAILABLE",
    "429,quota exceeded,THROTTLED",
    "472,disaster recovery,UNAVAILABLE",
    "473,performance standby,UNAVAILABLE",
    "500,internal error,UNAVAILABLE",
    "502,bad gateway,UNAVAILABLE",
    "503,Vault is sealed,UNAVAILABLE",
    "413,http: request body too large,TOO_LARGE",
    "500,put failed due to value being too large; got 156 bytes,TOO_LARGE",
    "405,unsupported operation,CONFIGURATION",
    "400,missing client token,UNAUTHENTICATED",
    "400,This backend will be unavailable for a brief period and will resume service,UNAVAILABLE",
    "404,no handler for route,CONFIGURATION",
    "403,permission denied,ACCESS_DENIED",
    "401,who are you,UNAUTHENTICATED"
  })
  void statusHasItsKindAndNoTextOfTheAnswer(int status, String text, Kind kind) {
    answer(request -> error(status, text + " canary"));
    SecretException failure = failure();
    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.name()).contains("a/NAME");
    assertThat(failure.getMessage()).doesNotContain("canary").startsWith("Cannot fetch secret");
  }

  @Test
  void sealedServerIsNamedSo() {
    answer(request -> error(503, "Vault is sealed"));
    assertThat(failure().getMessage()).contains("sealed").contains("Unseal");
  }

  @Test
  void timeToWaitComesInSecondsOrAsADate() {
    answer(request -> error(429, "quota").with("Retry-After", "7"));
    assertThat(failure().retryAfter()).contains(Duration.ofSeconds(7));
    answer(
        request ->
            error(429, "quota")
                .with("Date", "Wed, 21 Oct 2015 07:28:00 GMT")
                .with("Retry-After", "Wed, 21 Oct 2015 07:28:09 GMT"));
    assertThat(failure().retryAfter()).contains(Duration.ofSeconds(9));
    answer(request -> error(503, "busy").with("Retry-After", "soon"));
    assertThat(failure().retryAfter()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"200", "204", "400", "403", "404"})
  void pageOfSomethingOnTheWayIsNoAnswer(int status) {
    answer(request -> Answer.of(status, "text/html", "<html>not found</html>"));
    assertThat(failure().kind()).isEqualTo(Kind.UNAVAILABLE);
  }

  @ParameterizedTest
  @CsvSource({"{}", "[]", "null", "{\"data\":null}", "{\"data\":{\"data\":{},\"metadata\":{}}}"})
  void documentWithoutASecretIsNoAnswer(String body) {
    answer(request -> json(200, body));
    assertThat(failure().kind()).isIn(Kind.UNAVAILABLE, Kind.CONFIGURATION);
  }

  @Test
  void namespaceAndVaultsOwnHeadersAreSent() {
    answer(request -> json(200, SECRET));
    try (VaultStore store = open("namespace", "team/one")) {
      assertThat(VaultTestServer.text(store, "a/NAME")).isEqualTo("held");
    }
    assertThat(seen.get(0).headers())
        .containsEntry("x-vault-namespace", "team/one")
        .containsEntry("x-vault-request", "true")
        .containsEntry("x-vault-token", "t");
  }

  @Test
  void stateOfTheClusterIsShownAtTheNextRequest() {
    answer(
        request ->
            request.method().equals("POST")
                ? json(200, "{\"data\":{\"version\":4}}").with("X-Vault-Index", "djE6state")
                : json(200, SECRET).with("X-Vault-Index", "older"));
    try (VaultStore store = open()) {
      VaultTestServer.put(store, "a/NAME", "new");
      store.fetch("b/NAME").value().close();
    }
    Request second =
        seen.stream().filter(r -> r.target().contains("b/NAME")).findFirst().orElseThrow();
    assertThat(second.headers())
        .containsEntry("x-vault-index", "djE6state")
        .containsEntry("x-vault-inconsistent", "forward-active-node");
  }

  /**
   * Vault Enterprise as it is configured by default (allow_forwarding_via_header = false) refuses
   * every request that asks to be forwarded, and a node that lags behind a write of the client, or
   * behind its login, answers 412.
   */
  @ParameterizedTest
  @ValueSource(strings = {"read", "write"})
  void nodeThatLagsBehindIsAskedAgain(String next) {
    AtomicInteger lag = new AtomicInteger();
    answer(
        request -> {
          if (request.headers().containsValue("forward-active-node")) {
            return error(
                400,
                "forwarding via header X-Vault-Inconsistent=forward-active-node disallowed by"
                    + " configuration");
          }
          if (lag.getAndDecrement() > 0) {
            return error(412, "required index state not present");
          }
          return request.method().equals("POST")
              ? json(200, "{\"data\":{\"version\":4}}").with("X-Vault-Index", "djE6state")
              : json(200, SECRET);
        });
    try (VaultStore store = open()) {
      VaultTestServer.put(store, "a/NAME", "new");
      lag.set(3);
      if (next.equals("write")) {
        VaultTestServer.put(store, "a/NAME", "newer");
      } else {
        assertThat(VaultTestServer.text(store, "a/NAME")).isEqualTo("held");
      }
    }
    assertThat(lag.get()).isNegative();
  }

  @Test
  void standbyThatRedirectsIsFollowed() {
    answer(
        request ->
            request.target().contains("moved")
                ? json(200, SECRET)
                : Answer.of(307, "text/plain", "")
                    .with("Location", server.uri() + "/v1/moved/data/a/NAME"));
    try (VaultStore store = open()) {
      assertThat(VaultTestServer.text(store, "a/NAME")).isEqualTo("held");
    }
  }

  /** A gateway that wants a login answers so, and its login page must not see the token. */
  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 308})
  void noOtherRedirectCarriesTheTokenAway(int status) {
    List<Request> elsewhere = Collections.synchronizedList(new ArrayList<>());
    try (FaultProxy page = FaultProxy.to(URI.create("http://127.0.0.1:9")).start();
        VaultStore store = open()) {
      page.intercept(
          request -> {
            elsewhere.add(request);
            return json(200, SECRET);
          });
      answer(request -> Answer.of(status, "text/html", "").with("Location", page.uri() + "/login"));
      SecretException e = catchThrowableOfType(SecretException.class, () -> store.fetch("a/NAME"));
      assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(e).hasMessageContaining("the server answered " + status);
      assertThat(elsewhere).isEmpty();
    }
  }

  /** Two standbys that take each other for the active node. */
  @Test
  void standbyIsFollowedOnce() {
    answer(
        request ->
            Answer.of(307, "text/plain", "").with("Location", server.uri() + request.target()));
    try (VaultStore store = open()) {
      SecretException e = catchThrowableOfType(SecretException.class, () -> store.fetch("a/NAME"));
      assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
    }
    assertThat(seen).filteredOn(r -> r.target().contains("NAME")).hasSize(2);
  }

  @Test
  void listWorksWhereTheServerHasNoDetails() {
    answer(
        request -> {
          String target = request.target();
          if (target.contains("detailed-metadata")) {
            return json(404, "{\"data\":null,\"warnings\":[\"Invalid path\"]}");
          }
          if (target.contains("list=true")) {
            return json(200, "{\"data\":{\"keys\":[\"gone\",\"here\",\"bad \"]}}");
          }
          String deleted = target.endsWith("gone") ? "2026-01-01T00:00:00Z" : "";
          return json(
              200,
              "{\"data\":{\"current_version\":1,\"versions\":{\"1\":{\"created_time\":\"\","
                  + "\"deletion_time\":\""
                  + deleted
                  + "\",\"destroyed\":false}}}}");
        });
    try (VaultStore store = open()) {
      assertThat(store.list("")).containsExactly("here");
      assertThat(store.list("")).containsExactly("here");
    }
    assertThat(seen).filteredOn(r -> r.target().contains("detailed-metadata")).hasSize(1);
  }

  /** A list that costs a read for each name must not be the rule because of one bad moment. */
  @ParameterizedTest
  @ValueSource(ints = {400, 404, 405, 403, 429, 500, 503})
  void onlyAnAnswerThatLastsEndsTheQuestionForDetails(int status) {
    AtomicInteger refusals = new AtomicInteger();
    answer(
        request -> {
          boolean isDetailed = request.target().contains("detailed-metadata");
          return isDetailed && refusals.getAndIncrement() == 0
              ? json(status, "{\"errors\":[\"for this once\"]}")
              : listed(request.target(), true);
        });
    try (VaultStore store = open()) {
      if (status == 429) {
        assertThat(catchThrowableOfType(SecretException.class, () -> store.list("folder1/")).kind())
            .isEqualTo(Kind.THROTTLED);
      } else {
        assertThat(store.list("folder1/")).hasSize(5);
      }
      assertThat(store.list("folder1/")).hasSize(5);
    }
    boolean lasts = status < 429 && status != 403;
    assertThat(seen)
        .filteredOn(request -> request.target().contains("detailed-metadata"))
        .hasSize(lasts ? 1 : 2);
  }

  @Test
  void refusedListIsNoEmptyList() {
    answer(request -> error(403, "permission denied"));
    try (VaultStore store = open()) {
      assertThat(catchThrowableOfType(SecretException.class, () -> store.list("")).kind())
          .isEqualTo(Kind.ACCESS_DENIED);
    }
  }

  @Test
  void engineOfVersionOneUnderTheNameOfTwoIsFoundOut() {
    answer(request -> json(200, "{\"data\":{\"data\":{\"value\":\"x\"},\"options\":{\"cas\":0}}}"));
    assertThat(failure().kind()).isEqualTo(Kind.CONFIGURATION);
  }

  @Test
  void secondFactorIsToldFromAWrongPassword() {
    answer(
        request -> json(200, "{\"auth\":{\"client_token\":\"\",\"mfa_requirement\":{\"x\":1}}}"));
    try (VaultStore store =
        VaultTestServer.open(
            Map.of(
                "address", server.uri().toString(),
                "auth", "userpass",
                "username", "u",
                "password", "p"))) {
      SecretException failure =
          catchThrowableOfType(SecretException.class, () -> store.fetch("a/NAME"));
      assertThat(failure.kind()).isEqualTo(Kind.UNAUTHENTICATED);
      assertThat(failure.getMessage()).contains("second factor");
    }
  }

  @Test
  void awsLoginSendsTheSignedRequest() {
    answer(
        request ->
            request.target().equals("/v1/auth/aws/login")
                ? json(200, "{\"auth\":{\"client_token\":\"made\",\"lease_duration\":600}}")
                : json(200, SECRET));
    Map<String, String> key = Map.of("AWS_ACCESS_KEY_ID", "id", "AWS_SECRET_ACCESS_KEY", "key");
    Map<String, String> settings =
        Map.of("address", server.uri().toString(), "auth", "aws", "role", "app");
    try (var store =
        new VaultStoreFactory()
            .open(
                new de.lifetimecircle.secrets.spi.StoreConfig(
                    settings,
                    name -> java.util.Optional.ofNullable(key.get(name)),
                    Duration.ofSeconds(5),
                    java.time.InstantSource.system()))) {
      assertThat(VaultTestServer.text(store, "a/NAME")).isEqualTo("held");
    }
    String body = new String(seen.get(0).body(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(body).contains("iam_request_headers").contains("\"role\":\"app\"");
    assertThat(seen.get(1).headers()).containsEntry("x-vault-token", "made");
  }

  /** 40 folders of 5 names; without details each name costs a request. */
  @ParameterizedTest
  @CsvSource({
    "20,100000,true,0",
    "20,100000,false,0",
    "2,100000,false,0",
    "1,1,true,0",
    "1,1,false,0",
    "100,102,false,0",
    "41,41,true,0",
    "20,20,true,1",
    "241,241,false,0"
  })
  void requestsThatAreThrottledAreMadeAgain(
      int first, int last, boolean hasDetails, int retryAfter) {
    AtomicInteger requests = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    answer(
        request -> {
          int number = requests.incrementAndGet();
          boolean every = last == 100_000;
          if (every ? number % first == 0 : first <= number && number <= last) {
            refused.incrementAndGet();
            Answer refusal = error(429, "request path: rate limit quota exceeded");
            return retryAfter == 0 ? refusal : refusal.with("Retry-After", "" + retryAfter);
          }
          return listed(request.target(), hasDetails);
        });
    long begun = System.nanoTime();
    try (SecretProvider provider =
        SecretProvider.builder()
            .environment(Map.of())
            .set("timeout", "10s")
            .store(open())
            .build()) {
      assertThat(provider.list("")).hasSize(200).doesNotHaveDuplicates();
    }
    assertThat(System.nanoTime() - begun)
        .isGreaterThanOrEqualTo(Duration.ofSeconds(retryAfter).toNanos());
    // Without details: one question for them, then a list for each folder and a read for each name.
    assertThat(requests.get() - refused.get()).isEqualTo(hasDetails ? 41 : 242);
    assertThat(refused.get()).isPositive();
  }

  private static Answer listed(String target, boolean hasDetails) {
    if (!target.contains("list=true")) {
      return json(
          200,
          "{\"data\":{\"current_version\":1,\"versions\":{\"1\":{\"created_time\":\"\","
              + "\"deletion_time\":\"\",\"destroyed\":false}}}}");
    }
    if (target.contains("detailed-metadata") && !hasDetails) {
      return json(404, "{\"data\":null,\"warnings\":[\"Invalid path\"]}");
    }
    boolean isRoot = !target.contains("folder");
    String keys =
        IntStream.range(0, isRoot ? 40 : 5)
            .mapToObj(i -> isRoot ? "\"folder" + i + "/\"" : "\"NAME" + i + "\"")
            .collect(Collectors.joining(","));
    String info =
        IntStream.range(0, 5)
            .mapToObj(
                i ->
                    "\"NAME"
                        + i
                        + "\":{\"current_version\":1,\"versions\":{\"1\":{\"created_time\":\"\","
                        + "\"deletion_time\":\"\",\"destroyed\":false}}}")
            .collect(Collectors.joining(","));
    return json(
        200,
        "{\"data\":{\"keys\":["
            + keys
            + "]"
            + (hasDetails && !isRoot ? ",\"key_info\":{" + info + "}" : "")
            + "}}");
  }
}
