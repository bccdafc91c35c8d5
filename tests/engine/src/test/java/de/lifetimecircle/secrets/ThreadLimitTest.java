package de.lifetimecircle.secrets;

import static de.lifetimecircle.secrets.Failing.fails;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A provider whose timer gets no thread for a while, as at the limit of processes. */
class ThreadLimitTest {
  private static final String KEY = "LTC_SECRET_KEY";
  private static final Duration MAX_STALE = Duration.ofMinutes(10);
  private final FakeTicker ticker = FakeTicker.inline();
  private final FakeStore store = FakeStore.create().clock(ticker).holding(KEY, "one");
  private static final String NO_THREAD = "the system starts no more threads";

  /** What the timer throws at every task, if it does. */
  private @Nullable Throwable thrown;

  /** Refuses every task while no thread can be started. */
  private ScheduledExecutorService timer() {
    ScheduledExecutorService timer = ticker.timer();
    return (ScheduledExecutorService)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ScheduledExecutorService.class},
            (proxy, method, arguments) -> {
              if (thrown != null && method.getName().startsWith("schedule")) {
                throw thrown;
              }
              try {
                return method.invoke(timer, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private SecretProvider provider() {
    return SecretProvider.builder()
        .store(store)
        .environment(Map.of())
        .set("max-stale", MAX_STALE.toMinutes() + "m")
        .set("jitter", "0")
        .clock(new ClockWithTimer(ticker, timer()))
        .executor(ticker.workers())
        .build();
  }

  static Stream<Throwable> refusals() {
    return Stream.of(new RejectedExecutionException(NO_THREAD), new OutOfMemoryError(NO_THREAD));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void failureIsForgottenOnceThreadsStartAgain(Throwable refusal) {
    try (SecretProvider provider = provider()) {
      thrown = refusal;
      fails(Kind.UNAVAILABLE, () -> provider.get(KEY));
      fails(Kind.UNAVAILABLE, () -> provider.validVersions(KEY));
      thrown = null;
      assertThat(provider.get(KEY).asString()).isEqualTo("one");
      assertThat(provider.validVersions(KEY)).hasSize(1);
      assertThat(store.calls()).isPositive();
      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      ticker.advance(MAX_STALE);
      fails(Kind.UNAVAILABLE, () -> provider.get(KEY));
    }
  }
}
