package de.lifetimecircle.secrets.agent.reads;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.agent.http.ServerLimits;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionWaitersTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final SecretProvider provider =
      SecretProvider.builder()
          .store(FakeStore.create().holding("APP_KEY", "first"))
          .set("overrides", "off")
          .build();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Semaphore begun = new Semaphore(0);

  @AfterEach
  void close() {
    threads.shutdownNow();
    provider.close();
  }

  private Future<String> begin(VersionWaiters waits, String user) {
    return threads.submit(
        () -> {
          waits.untilChanged(
              user,
              "APP_KEY",
              secret -> {
                begun.release(); // only a wait that has room looks at the version
                return true;
              },
              LONG);
          return user;
        });
  }

  /** A user who waits as often as he may leaves the waits of another user alone. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 8})
  void waitsOfOneUserTakeNoPlaceOfAnother(int share) throws Exception {
    ServerLimits limits = ServerLimits.STANDARD.withConnectionsOfUser(share);
    List<Future<String>> waiting = new ArrayList<>();
    try (VersionWaiters waits = new VersionWaiters(provider, limits)) {
      for (String user : List.of("app", "root", "unknown")) {
        IntStream.range(0, share / 2).forEach(i -> waiting.add(begin(waits, user)));
        assertThat(begun.tryAcquire(share / 2, 20, TimeUnit.SECONDS))
            .as("waits of %s", user)
            .isTrue();
        assertThat(begin(waits, user).get(20, TimeUnit.SECONDS)).as("one too many").isEqualTo(user);
        assertThat(begun.availablePermits()).isZero();
      }
      assertThat(waiting).noneMatch(Future::isDone);
    }
    for (Future<String> each : waiting) {
      assertThat(each.get(20, TimeUnit.SECONDS)).as("ends with the agent").isNotEmpty();
    }
  }
}
