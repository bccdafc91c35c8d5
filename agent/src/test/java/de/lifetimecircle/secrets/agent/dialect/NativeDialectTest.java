package de.lifetimecircle.secrets.agent.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.agent.RunningAgent;
import de.lifetimecircle.secrets.agent.reads.ETags;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeDialectTest {
  @TempDir Path folder;
  private RunningAgent agent;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @BeforeEach
  void start() throws IOException {
    agent = RunningAgent.start(folder, RunningAgent.everything());
    agent.store.holding("APP_KEY", "first");
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    agent.close();
  }

  private String tag() {
    return agent.get("/v1/secrets/APP_KEY").header("ETag").orElseThrow();
  }

  private void rotate(String value) {
    agent.store.holding("APP_KEY", value);
    agent.provider.refresh("APP_KEY");
  }

  @Test
  void answersWithTheBytesAndTheVersion() {
    RunningAgent.Answer answer = agent.get("/v1/secrets/APP_KEY");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("first");
    assertThat(answer.header("Cache-Control")).contains("no-store");
    assertThat(tag()).isEqualTo(ETags.of(agent.provider.get("APP_KEY")));
    assertThat(agent.unix(unix("APP_KEY")).text()).isEqualTo("first");
  }

  private static String unix(String path) {
    return RunningAgent.request(
        "GET /v1/secrets/" + path + " HTTP/1.1", "Host: localhost", "Connection: close");
  }

  @Test
  void nameWithSlashesAndOddCharactersIsRead() {
    agent.store.holding("prod/db/P\u00e4ss", "odd");
    assertThat(agent.get("/v1/secrets/prod/db/P%c3%a4ss").text()).isEqualTo("odd");
    assertThat(agent.get("/v1/secrets/prod%2Fdb%2fP%C3%A4ss").text()).isEqualTo("odd");
  }

  @Test
  void knownVersionIsNotSentAgain() {
    String tag = tag();
    RunningAgent.Answer same = agent.get("/v1/secrets/APP_KEY", "If-None-Match: " + tag);
    assertThat(same.status()).isEqualTo(304);
    assertThat(same.body()).isEmpty();
    assertThat(same.header("Secrets-Origin")).contains("cache");
    rotate("second");
    RunningAgent.Answer other = agent.get("/v1/secrets/APP_KEY", "If-None-Match: " + tag);
    assertThat(other.text()).isEqualTo("second");
  }

  /** As Vault numbers the versions of a name that was purged and put again. */
  @Test
  void versionThatWasMadeAgainUnderItsIdIsSentAndEndsAWait() throws Exception {
    agent.store.numberingEachName().losing("APP_KEY").holding("APP_KEY", "old");
    String id = agent.provider.refresh("APP_KEY").version();
    String tag = tag();
    CompletableFuture<RunningAgent.Answer> waiting =
        CompletableFuture.supplyAsync(
            () -> agent.get("/v1/secrets/APP_KEY?wait=60s", "If-None-Match: " + tag), threads);
    assertThat(waiting.completeOnTimeout(null, 300, TimeUnit.MILLISECONDS).get()).isNull();
    CompletableFuture<RunningAgent.Answer> again =
        CompletableFuture.supplyAsync(
            () -> agent.get("/v1/secrets/APP_KEY?wait=60s", "If-None-Match: " + tag), threads);
    agent.store.losing("APP_KEY").holding("APP_KEY", "new");
    assertThat(agent.provider.refresh("APP_KEY").version()).isEqualTo(id);
    assertThat(again.get(20, TimeUnit.SECONDS).text()).isEqualTo("new");
    assertThat(agent.get("/v1/secrets/APP_KEY", "If-None-Match: " + tag).text()).isEqualTo("new");
  }

  @Test
  void waitEndsWithTheRotation() throws Exception {
    String tag = tag();
    CompletableFuture<RunningAgent.Answer> waiting =
        CompletableFuture.supplyAsync(
            () -> agent.get("/v1/secrets/APP_KEY?wait=60s", "If-None-Match: " + tag), threads);
    assertThat(waiting.completeOnTimeout(null, 300, TimeUnit.MILLISECONDS).get()).isNull();
    CompletableFuture<RunningAgent.Answer> again =
        CompletableFuture.supplyAsync(
            () -> agent.get("/v1/secrets/APP_KEY?wait=60s", "If-None-Match: " + tag), threads);
    rotate("second");
    assertThat(again.get(20, TimeUnit.SECONDS).text()).isEqualTo("second");
  }

  @Test
  void waitWithoutARotationEndsAfterItsTime() {
    String tag = tag();
    long began = System.nanoTime();
    RunningAgent.Answer answer = agent.get("/v1/secrets/APP_KEY?wait=1s", "If-None-Match: " + tag);
    assertThat(answer.status()).isEqualTo(304);
    assertThat(System.nanoTime() - began).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(990));
  }

  /**
   * A wait reads the name from the backend, so one without the right would learn whether it exists,
   * keep it fresh, and take a place of those who may read.
   */
  @ParameterizedTest
  @ValueSource(strings = {"OTHER", "ABSENT", "APP_KEY/OTHER"})
  void waitWithoutTheRightIsDeniedBeforeItBegins(String name) {
    agent.rewriteRules("user " + RunningAgent.OWN_USER + " APP_KEY\n");
    String tag = tag();
    agent.store.holding("OTHER", "of another service").holding("APP_KEY/OTHER", "of another one");
    int before = agent.store.calls();
    RunningAgent.Answer answer =
        agent.get("/v1/secrets/" + name + "?wait=60s", "If-None-Match: " + tag);
    assertThat(answer.status()).isEqualTo(403);
    assertThat(agent.store.calls()).isEqualTo(before);
  }

  /** One asks for an answer now, and the other for a later one. */
  @Test
  void refreshNowAndWaitExcludeEachOther() {
    String path = "/v1/secrets/APP_KEY?wait=1s&refreshNow=";
    assertThat(agent.get(path + "true", "If-None-Match: " + tag()).status()).isEqualTo(400);
    assertThat(agent.get(path + "true").status()).isEqualTo(400);
    assertThat(agent.get(path + "maybe", "If-None-Match: \"x\"").status()).isEqualTo(400);
    assertThat(agent.get(path + "false", "If-None-Match: " + tag()).status()).isEqualTo(304);
  }

  /** Else an agent with followers would take its whole patience to end. */
  @Test
  void theEndOfTheAgentEndsAWait() throws Exception {
    String tag = tag();
    CompletableFuture<RunningAgent.Answer> waiting =
        CompletableFuture.supplyAsync(
            () -> agent.get("/v1/secrets/APP_KEY?wait=60s", "If-None-Match: " + tag), threads);
    while (!agent.get("/metrics").text().contains("secrets_agent_connections 2\n")) {
      Thread.onSpinWait();
    }
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
    agent.close();
    assertThat(waiting.get(20, TimeUnit.SECONDS).status()).isEqualTo(304);
  }

  @Test
  void onlyAMissingSecretIs404() {
    assertThat(agent.get("/v1/secrets/ABSENT").status()).isEqualTo(404);
    for (Kind kind : Kind.values()) {
      if (kind != Kind.NOT_FOUND && kind != Kind.BAD_NAME && kind != Kind.VERSION_NOT_FOUND) {
        String name = "FAILS_" + kind;
        agent.store.holding(name, "held").always(FakeStore.Op.FETCH, name, FakeStep.fail(kind));
        RunningAgent.Answer answer = agent.get("/v1/secrets/" + name);
        assertThat(answer.status()).as(kind.toString()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).as(kind.toString()).isPresent();
      }
    }
    assertThat(agent.get("/v2/secrets/APP_KEY").status()).isEqualTo(400);
    assertThat(agent.get("/").status()).isEqualTo(400);
    assertThat(agent.get("/v1/secrets/").status()).isEqualTo(400);
  }

  @Test
  void heldValueIsServedWhileTheBackendFails() {
    assertThat(agent.get("/v1/secrets/APP_KEY").text()).isEqualTo("first");
    agent.store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    agent.provider.invalidate("APP_KEY");
    RunningAgent.Answer answer = agent.get("/v1/secrets/APP_KEY");
    assertThat(answer.text()).isEqualTo("first");
    assertThat(answer.header("Secrets-Origin")).contains("stale");
    RunningAgent.Answer same = agent.get("/v1/secrets/APP_KEY", "If-None-Match: " + tag());
    assertThat(same.status()).isEqualTo(304);
    assertThat(same.header("Secrets-Origin")).contains("stale");
    assertThat(agent.get("/v1/secrets/APP_KEY?refreshNow=true").status()).isEqualTo(503);
  }

  @Test
  void staleValueIsServedUntilMaxStaleAndThenNoMore() throws IOException {
    agent.close();
    agent =
        RunningAgent.start(
            folder,
            RunningAgent.everything(),
            FakeStore.create(),
            RunningAgent.Adjustments.NONE.provider(
                builder -> builder.set("soft-age", "100ms").set("max-stale", "3s")));
    agent.store.holding("APP_KEY", "first");
    long began = System.nanoTime();
    assertThat(agent.get("/v1/secrets/APP_KEY").text()).isEqualTo("first");
    agent.store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    boolean wasStale = false;
    RunningAgent.Answer answer = agent.get("/v1/secrets/APP_KEY");
    while (answer.status() == 200 && System.nanoTime() - began < TimeUnit.SECONDS.toNanos(30)) {
      wasStale |= answer.header("Secrets-Origin").filter("stale"::equals).isPresent();
      answer = agent.get("/v1/secrets/APP_KEY");
    }
    assertThat(wasStale).as("served past its age").isTrue();
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isPresent();
    assertThat(System.nanoTime() - began).isGreaterThan(TimeUnit.SECONDS.toNanos(2));
  }

  /** Each of them finds nothing in the cache, and the backend is asked once. */
  @Test
  void firstReadersShareALoad() throws Exception {
    agent.store.always(FakeStore.Op.FETCH, "APP_KEY", FakeStep.hang());
    CompletableFuture<?>[] readers = new CompletableFuture<?>[16];
    for (int i = 0; i < readers.length; i++) {
      readers[i] =
          CompletableFuture.supplyAsync(() -> agent.get("/v1/secrets/APP_KEY").text(), threads);
    }
    while (!agent.get("/metrics").text().contains("secrets_agent_connections 17\n")) {
      Thread.onSpinWait();
    }
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
    assertThat(agent.store.hanging()).isEqualTo(1);
    agent.store.recover();
    for (CompletableFuture<?> reader : readers) {
      assertThat(reader.get(20, TimeUnit.SECONDS)).isEqualTo("first");
    }
    assertThat(agent.store.calls(FakeStore.Op.FETCH, "APP_KEY")).isEqualTo(1);
  }

  /** Sixteen insist at once, and the backend is asked once. */
  @Test
  void insistingReadersShareALoad() throws Exception {
    tag();
    agent.store.always(FakeStore.Op.FETCH, "APP_KEY", FakeStep.hang());
    int before = agent.store.calls(FakeStore.Op.FETCH, "APP_KEY");
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1100));
    long begun = System.nanoTime();
    CompletableFuture<?>[] readers = new CompletableFuture<?>[16];
    for (int i = 0; i < readers.length; i++) {
      readers[i] =
          CompletableFuture.supplyAsync(
              () -> agent.get("/v1/secrets/APP_KEY?refreshNow=true").status(), threads);
    }
    while (agent.store.hanging() == 0) {
      Thread.onSpinWait();
    }
    assertThat(agent.get("/v1/secrets/APP_KEY").text())
        .as("a reader that does not insist")
        .isEqualTo("first");
    agent.store.recover();
    for (CompletableFuture<?> reader : readers) {
      assertThat(reader.get(20, TimeUnit.SECONDS)).isEqualTo(200);
    }
    // Who comes a second after a load has it asked again.
    int seconds = (int) TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
    assertThat(agent.store.calls(FakeStore.Op.FETCH, "APP_KEY") - before)
        .isLessThanOrEqualTo(2 + seconds);
  }

  @Test
  void unknownParameterIsRefused() {
    assertThat(agent.get("/v1/secrets/APP_KEY?version=1").status()).isEqualTo(400);
    assertThat(agent.get("/v1/secrets/APP_KEY?wait=long").status()).isEqualTo(400);
  }
}
