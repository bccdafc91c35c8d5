package de.lifetimecircle.secrets.agent.reads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.agent.RunningAgent;
import de.lifetimecircle.secrets.agent.rules.AccessRules;
import de.lifetimecircle.secrets.agent.rules.Caller;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditAndLeakTest {
  private static final String ONLY_ONE =
      "user "
          + RunningAgent.OWN_USER
          + " APP_KEY\ntoken web sha256:"
          + AccessRules.digest(RunningAgent.TOKEN)
          + " WEB_*\n";

  @TempDir Path folder;

  private RunningAgent audited(Path log) throws IOException {
    AtomicLong second = new AtomicLong(); // versions of one second share a number of Vault's
    FakeStore store =
        FakeStore.create()
            .clock(
                () -> Instant.parse("2026-01-01T00:00:00Z").plusSeconds(second.incrementAndGet()));
    SecretProvider of =
        SecretProvider.builder()
            .store(store.secondClient())
            .environment(Map.of())
            .set("audit.log", log.toString())
            .build();
    try (of) {
      return RunningAgent.start(
          folder, ONLY_ONE, store, RunningAgent.Adjustments.NONE.log(ReadLog.of(of)));
    }
  }

  private static List<Map<?, ?>> lines(Path log) throws IOException {
    return Files.readAllLines(log).stream()
        .<Map<?, ?>>map(line -> (Map<?, ?>) Json.parse(line))
        .toList();
  }

  @Test
  void everyReadAndDenialIsALineWithUserAndProgram() throws IOException {
    Path log = folder.resolve("audit.log");
    try (RunningAgent agent = audited(log)) {
      agent.store.holding("APP_KEY", "value");
      assertThat(agent.get("/v1/secrets/APP_KEY", "User-Agent: probe/1").status()).isEqualTo(200);
      assertThat(agent.get("/v1/secrets/APP_KEY").status()).isEqualTo(200);
      assertThat(agent.get("/v1/secrets/OTHER").status()).isEqualTo(403);
      assertThat(agent.get("/v1/secrets/OTHER", "X-Vault-Token: " + RunningAgent.TOKEN).status())
          .isEqualTo(403);
      assertThat(agent.get("/v1/secrets/APP_KEY", "X-Vault-Token: guess").status()).isEqualTo(403);
    }
    List<Map<?, ?>> lines = lines(log);
    assertThat(lines)
        .extracting(line -> Json.text(line, "outcome"))
        .containsExactly("ok", "ok", "access-denied", "access-denied", "access-denied");
    assertThat(lines)
        .extracting(line -> Json.text(line, "principal"))
        .containsExactly(
            RunningAgent.OWN_USER,
            RunningAgent.OWN_USER,
            RunningAgent.OWN_USER,
            "token web",
            "unknown");
    assertThat(lines)
        .allSatisfy(
            line -> {
              assertThat(Json.text(line, "reader-user")).isEqualTo(RunningAgent.OWN_USER);
              assertThat(Json.text(line, "program"))
                  .endsWith("[" + ProcessHandle.current().pid() + "]");
            });
    assertThat(Json.text(lines.get(0), "client")).isEqualTo("probe/1");
    assertThat(Json.text(lines.get(0), "version")).isNotEmpty();
  }

  /** The log has a line for the first denial, and how many there were more. */
  @Test
  void denialsAreCountedInsteadOfFillingTheLog() throws IOException {
    Path log = folder.resolve("audit.log");
    int guesses = ThrottledDenialLog.LINES + 40;
    try (RunningAgent agent = audited(log)) {
      for (int i = 0; i < 30; i++) {
        assertThat(agent.get("/v1/secrets/OTHER").status()).isEqualTo(403);
      }
      for (int i = 1; i < guesses; i++) {
        assertThat(agent.get("/v1/secrets/GUESS_" + i).status()).isEqualTo(403);
      }
      assertThat(lines(log)).hasSize(ThrottledDenialLog.LINES);
    }
    List<Map<?, ?>> lines = lines(log);
    assertThat(lines).hasSize(ThrottledDenialLog.LINES + 2);
    long counted =
        lines.subList(ThrottledDenialLog.LINES, lines.size()).stream()
            .mapToLong(line -> Long.parseLong(Json.text(line, "count")))
            .sum();
    assertThat(ThrottledDenialLog.LINES + counted).as("every denial").isEqualTo(30 + guesses - 1);
    assertThat(lines)
        .anySatisfy(
            line -> {
              assertThat(Json.text(line, "name")).isEqualTo("OTHER");
              assertThat(Json.text(line, "count")).isEqualTo("29");
            })
        .allSatisfy(
            line -> {
              assertThat(Json.text(line, "outcome")).isEqualTo("access-denied");
              assertThat(Json.text(line, "reader-user")).isEqualTo(RunningAgent.OWN_USER);
            });
  }

  /** A denial that comes before the rules is one too. */
  @Test
  void requestWithoutItsHeaderOrTokenIsALine() throws IOException {
    Path log = folder.resolve("audit.log");
    try (RunningAgent agent = audited(log)) {
      String end = " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      assertThat(agent.tcp("GET /v1/secrets/APP_KEY" + end).status()).isEqualTo(403);
      assertThat(agent.tcp("GET /secretsmanager/get?secretId=APP_KEY" + end).status())
          .isEqualTo(403);
      assertThat(agent.vault("GET /v1/secret/data/OF_VAULT" + end).status()).isEqualTo(403);
      assertThat(agent.store.calls()).isZero();
    }
    assertThat(lines(log))
        .extracting(line -> Json.text(line, "name"))
        .contains("APP_KEY", "OF_VAULT");
  }

  private static String aws(String more) {
    String body = "{\"SecretId\":\"APP_KEY\"" + more + "}";
    return RunningAgent.request(
            "POST / HTTP/1.1",
            "Host: localhost",
            "X-Amz-Target: secretsmanager.GetSecretValue",
            "Content-Length: " + body.length(),
            "Connection: close")
        + body;
  }

  private static String vault(String query) {
    return RunningAgent.request(
        "GET /v1/secret/data/APP_KEY" + query + " HTTP/1.1",
        "Host: localhost",
        "X-Vault-Request: true",
        "Connection: close");
  }

  /** The current version and the list are only looked at, and go to nobody. */
  @Test
  void readByVersionIsOneLineWithTheVersionThatWasAnswered() throws IOException {
    Path log = folder.resolve("audit.log");
    try (RunningAgent agent = audited(log)) {
      agent.store.holding("APP_KEY", "first");
      String id = Json.text(Json.object(agent.tcp(aws("")).body()).orElseThrow(), "VersionId");
      Map<?, ?> data =
          Json.object(Json.object(agent.vault(vault("")).body()).orElseThrow(), "data");
      String number = String.valueOf(Json.number(Json.object(data, "metadata"), "version"));
      agent.store.holding("APP_KEY", "second");
      assertThat(agent.provider.refresh("APP_KEY").value().asString()).isEqualTo("second");
      String byId = ",\"VersionId\":\"" + id + "\"";
      assertThat(agent.tcp(aws(byId)).text()).contains("\"first\"");
      assertThat(agent.vault(vault("?version=" + number)).text()).contains("\"first\"");
      assertThat(agent.tcp(aws(byId + ",\"VersionStage\":\"AWSCURRENT\"")).status()).isEqualTo(400);
      assertThat(agent.vault(vault("?version=999999999")).status()).isEqualTo(404);
    }
    List<Map<?, ?>> lines = lines(log);
    String first = Json.text(lines.get(0), "version");
    assertThat(lines)
        .extracting(
            line -> Json.text(line, "operation"),
            line -> Json.text(line, "version"),
            line -> Json.text(line, "outcome"))
        .containsExactly(
            tuple("read", first, "ok"),
            tuple("read", first, "ok"),
            tuple("read", first, "ok"),
            tuple("read", first, "ok"),
            tuple("read", "", "wrong-stage"),
            tuple("read", "", "version-not-found"));
  }

  @Test
  void waitThatFailsIsALine() throws IOException {
    Path log = folder.resolve("audit.log");
    try (RunningAgent agent = audited(log)) {
      agent.store.holding("APP_KEY", "value");
      String tag = agent.get("/v1/secrets/APP_KEY").header("ETag").orElseThrow();
      agent.store.losing("APP_KEY");
      agent.provider.invalidate("APP_KEY");
      int before = agent.store.calls();
      RunningAgent.Answer answer =
          agent.get("/v1/secrets/APP_KEY?wait=1s", "If-None-Match: " + tag);
      assertThat(answer.status()).isEqualTo(404);
      assertThat(agent.store.calls())
          .as("the wait and the read share a call")
          .isEqualTo(before + 1);
    }
    assertThat(lines(log))
        .extracting(line -> Json.text(line, "operation") + " " + Json.text(line, "outcome"))
        .containsExactly("read ok", "read not-found");
  }

  @Test
  void listThatTheBackendFailsIsALine() throws IOException {
    Path log = folder.resolve("audit.log");
    try (RunningAgent agent = audited(log)) {
      agent.store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      RunningAgent.Answer answer =
          agent.vault(
              RunningAgent.request(
                  "LIST /v1/secret/metadata HTTP/1.1",
                  "Host: localhost",
                  "X-Vault-Request: true",
                  "Connection: close"));
      assertThat(answer.status()).isEqualTo(503);
    }
    assertThat(lines(log))
        .extracting(line -> Json.text(line, "operation") + " " + Json.text(line, "outcome"))
        .containsExactly("list unavailable");
  }

  @Test
  void nothingShowsAValueOrAToken() throws IOException {
    Path log = folder.resolve("audit.log");
    try (LeakProbe probe = LeakProbe.start()) {
      String value = probe.canary("value of the agent");
      String token = probe.canary("token of the agent");
      try (RunningAgent agent = audited(log)) {
        agent.store.holding("APP_KEY", value).holding("WEB_KEY", value);
        agent.writeRules(
            ONLY_ONE + "token canary sha256:" + AccessRules.digest(token) + " WEB_*\n");
        agent.currentRules().reload();
        String header = "X-Aws-Parameters-Secrets-Token: " + token;
        assertThat(agent.get("/v1/WEB_KEY", header).text()).contains(value);
        probe.look("denial", agent.get("/v1/APP_KEY", header).text());
        probe.look("path", agent.get("/t/" + token + "/v1/nothing?x=1").text());
        probe.look("guess", agent.get("/v1/secrets/APP_KEY", "X-Vault-Token: x" + token).text());
        assertThat(agent.get("/v1/secrets/APP_KEY").text()).isEqualTo(value);
        agent.store.outage(FakeStep.fail(Kind.CORRUPT));
        probe.look("failure", agent.get("/v1/WEB_BAD", header).text());
        probe.look("health", agent.get("/health").text());
        probe.look("metrics", agent.get("/metrics").text());
        probe.look("caller", new Caller.GivenToken(token).toString());
      }
      probe.look("audit log", Files.readString(log));
      probe.assertClean();
    }
  }
}
