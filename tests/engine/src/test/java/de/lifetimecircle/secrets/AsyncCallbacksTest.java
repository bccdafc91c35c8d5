package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The completion of an asynchronous read waits for no callback, whatever callbacks do. */
class AsyncCallbacksTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private final FakeStore store = FakeStore.create();
  private final CountDownLatch end = new CountDownLatch(1);

  @AfterEach
  void end() {
    end.countDown();
  }

  /** A provider of so many names, of which the first answer when the gate is open. */
  private SecretProvider provider(int names, int gated, CountDownLatch gate) {
    for (int i = 0; i < names; i++) {
      store.holding("name-" + i, "one");
      store.always(Op.FETCH, "name-" + i, FakeStep.proceed());
      if (i < gated) { // so that callbacks are added before the answer is there
        store.always(Op.FETCH, "name-" + i, FakeStep.run(() -> await(gate)));
      }
    }
    return SecretProvider.builder()
        .store(store.secondClient()) // a provider closes what it has
        .environment(Map.of())
        .set("timeout", TIMEOUT.toSeconds() + "s")
        .build();
  }

  /** How a callback asks for another name. */
  private enum Way {
    JOIN,
    GET,
    JOIN_OF_A_CALLBACK;

    /** Reads a cold name by a callback that reads the next one, and so on. */
    CompletableFuture<Secret> nested(SecretProvider provider, int first, int step, int depth) {
      CompletableFuture<Secret> answer = provider.getAsync("name-" + first);
      return depth == 0
          ? answer
          : answer.thenApply(secret -> next(provider, first + step, step, depth - 1));
    }

    private Secret next(SecretProvider provider, int name, int step, int depth) {
      return switch (this) {
        case GET -> provider.get("name-" + name);
        case JOIN -> nested(provider, name, step, depth).join();
        case JOIN_OF_A_CALLBACK ->
            nested(provider, name, step, depth).thenApply(secret -> secret).join();
      };
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void callbacksMayWaitForOtherColdNames(Way way) throws Exception {
    for (int callbacks : new int[] {1, 4, 5, 40, 150}) {
      for (int depth = 1; depth <= 2; depth++) {
        CountDownLatch gate = new CountDownLatch(1);
        try (SecretProvider provider = provider(callbacks * 3 + 1, callbacks, gate)) {
          List<CompletableFuture<Secret>> all = new ArrayList<>();
          for (int i = 0; i < callbacks; i++) {
            all.add(way.nested(provider, i, callbacks, depth));
          }
          gate.countDown();
          String unrelated = "name-" + callbacks * 3;
          assertThat(provider.getAsync(unrelated).get(30, TimeUnit.SECONDS).asString())
              .isEqualTo("one");
          for (CompletableFuture<Secret> each : all) {
            assertThat(each.get(30, TimeUnit.SECONDS).asString()).isEqualTo("one");
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 16, 40, 100})
  void callbacksThatNeverEndHoldUpNoOtherRead(int callbacks) throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    try (SecretProvider provider = provider(callbacks + 2, callbacks, gate)) {
      CountDownLatch inside = new CountDownLatch(callbacks);
      for (int i = 0; i < callbacks; i++) {
        var unused = provider.getAsync("name-" + i).thenAccept(secret -> hold(inside));
      }
      gate.countDown();
      assertThat(inside.await(30, TimeUnit.SECONDS)).as("all have begun").isTrue();
      assertThat(provider.get("name-" + callbacks).asString()).isEqualTo("one");
      CompletableFuture<String> composed =
          provider
              .getAsync("name-" + (callbacks + 1))
              .thenCompose(secret -> provider.getAsync("name-0"))
              .thenApply(Secret::asString);
      assertThat(composed.get(30, TimeUnit.SECONDS)).isEqualTo("one");
    }
  }

  private void hold(CountDownLatch inside) {
    inside.countDown();
    await(end);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
