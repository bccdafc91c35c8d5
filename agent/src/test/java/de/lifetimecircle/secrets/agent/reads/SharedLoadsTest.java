package de.lifetimecircle.secrets.agent.reads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.agent.RunningAgent;
import de.lifetimecircle.secrets.spi.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedLoadsTest {
  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger asked = new AtomicInteger();
  private final SharedLoads<String> held =
      new SharedLoads<>(Duration.ofSeconds(1), now::get, String::length);
  private final ExecutorService callers = Executors.newCachedThreadPool();

  private String ask() {
    return "answer " + asked.incrementAndGet();
  }

  @AfterEach
  void end() {
    callers.shutdownNow();
  }

  @Test
  void holdsAnAnswerForItsTime() {
    assertThat(held.get("me", "a", this::ask)).isEqualTo("answer 1");
    now.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(held.get("me", "a", this::ask)).isEqualTo("answer 1");
    now.incrementAndGet();
    assertThat(held.get("me", "a", this::ask)).isEqualTo("answer 2");
    assertThat(held.get("me", "b", this::ask)).isEqualTo("answer 3");
    now.incrementAndGet();
    assertThat(held.fresh("me", "a", this::ask)).isEqualTo("answer 4");
    assertThat(held.get("me", "a", this::ask)).isEqualTo("answer 4");
  }

  @Test
  void holdsNoFailure() {
    Supplier<String> failing =
        () -> {
          asked.incrementAndGet();
          throw new IllegalStateException("down");
        };
    assertThatThrownBy(() -> held.get("me", "a", failing)).hasMessage("down");
    assertThatThrownBy(() -> held.get("me", "a", failing)).hasMessage("down");
    assertThat(held.get("me", "a", this::ask)).isEqualTo("answer 3");
  }

  /** The clock stands still: a load that begins in the same nanosecond is not older. */
  @Test
  void callersShareOneLoadAndThoseWhoInsistTheNext() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Supplier<String> slow =
        () -> {
          begun.countDown();
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return ask();
        };
    List<Future<String>> all = new ArrayList<>();
    all.add(callers.submit(() -> held.get("me", "a", slow)));
    begun.await();
    now.incrementAndGet();
    for (int i = 0; i < 20; i++) {
      all.add(callers.submit(() -> held.get("me", "a", this::ask)));
    }
    List<Future<String>> insisting = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      insisting.add(callers.submit(() -> held.fresh("me", "a", this::ask)));
    }
    go.countDown();
    for (Future<String> each : insisting) {
      assertThat(each.get()).isEqualTo("answer 2");
    }
    for (Future<String> each : all) {
      assertThat(each.get()).isIn("answer 1", "answer 2");
    }
    assertThat(asked).hasValue(2);
  }

  @Test
  void keepsFewKeys() {
    for (int i = 0; i < 10_000; i++) {
      held.get("me", "key " + i, this::ask);
    }
    assertThat(held.size()).isLessThanOrEqualTo(64);
  }

  @Test
  void dropsAnswersAtTheirAge() {
    assertThat(held.get("me", "a", this::ask)).isEqualTo("answer 1");
    held.dropOld();
    assertThat(held.size()).isEqualTo(1);
    now.addAndGet(Duration.ofSeconds(2).toNanos());
    held.dropOld();
    assertThat(held.size()).isZero();
  }

  /** Each prefix of a long list has a list of its own; the last one is shared all the same. */
  @Test
  void keepsFewEntries() {
    Supplier<String> list =
        () -> {
          asked.incrementAndGet();
          return "x".repeat(9_000);
        };
    for (int i = 0; i < 10; i++) {
      assertThat(held.get("me", "prefix " + i, list)).hasSize(9_000);
    }
    assertThat(held.size()).isLessThanOrEqualTo(3);
    assertThat(held.get("me", "all", () -> ask() + "x".repeat(90_000))).startsWith("answer 11");
    assertThat(held.get("me", "all", this::ask)).startsWith("answer 11");
    assertThat(held.get("me", "other", this::ask)).isEqualTo("answer 12");
    assertThat(held.size()).isEqualTo(1);
  }

  /** As a dashboard does that describes every secret each second, in many copies. */
  @Test
  void agentAsksTheBackendOnceForManyLists(@TempDir Path folder) throws Exception {
    try (RunningAgent agent = RunningAgent.start(folder, RunningAgent.everything())) {
      agent.store.holding("APP_KEY", "value");
      String describe = "{\"SecretId\":\"APP_KEY\"}";
      List<Future<RunningAgent.Answer>> answers = new ArrayList<>();
      long before = agent.store.calls();
      long begun = System.nanoTime();
      for (int i = 0; i < 12; i++) {
        answers.add(callers.submit(() -> aws(agent, "DescribeSecret", describe)));
        answers.add(callers.submit(() -> aws(agent, "ListSecrets", "{}")));
      }
      for (Future<RunningAgent.Answer> each : answers) {
        assertThat(each.get().text()).contains("APP_KEY");
      }
      long seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
      // Two lists in each second that has begun; a backend may need more than one call for one.
      assertThat(agent.store.calls() - before).isLessThanOrEqualTo(4 * (seconds + 1));
      // A version that the held list does not have is looked for in the backend.
      agent.store.holding("APP_KEY", "newer");
      String newer = agent.provider.refresh("APP_KEY").version();
      RunningAgent.Answer current = aws(agent, "GetSecretValue", describe);
      String id = Json.text(Json.object(current.body()).orElseThrow(), "VersionId");
      agent.store.holding("APP_KEY", "newest");
      assertThat(agent.provider.refresh("APP_KEY").version()).isNotEqualTo(newer);
      assertThat(
              aws(agent, "GetSecretValue", describe.replace("}", ",\"VersionId\":\"" + id + "\"}"))
                  .text())
          .contains("newer");
    }
  }

  private static RunningAgent.Answer aws(RunningAgent agent, String operation, String body) {
    return agent.tcp(
        RunningAgent.request(
                "POST / HTTP/1.1",
                "Host: localhost",
                "X-Amz-Target: secretsmanager." + operation,
                "Content-Type: application/x-amz-json-1.1",
                "Content-Length: " + body.length(),
                "Connection: close")
            + body);
  }
}
