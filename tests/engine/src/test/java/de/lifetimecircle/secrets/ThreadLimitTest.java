package de.lifetimecircle.secrets;

import static de.lifetimecircle.secrets.Failing.fails;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A provider whose timer gets no thread for a while, as at the limit of processes. */
@Timeout(120)
class ThreadLimitTest {
  private static final String KEY = "LTC_SECRET_KEY";
  private final FakeTicker ticker = FakeTicker.inline();
  private final FakeStore store = FakeStore.create().clock(ticker).holding(KEY, "one");
  private final AtomicBoolean full = new AtomicBoolean();

  /** Refuses every task while no thread can be started. */
  private ScheduledExecutorService timer() {
    ScheduledExecutorService timer = ticker.timer();
    return (ScheduledExecutorService)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ScheduledExecutorService.class},
            (proxy, method, arguments) -> {
              if (full.get() && method.getName().startsWith("schedule")) {
                throw new RejectedExecutionException("the system starts no more threads");
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
        .set("jitter", "0")
        .clock(new ClockWithTimer(ticker, timer()))
        .executor(ticker.workers())
        .build();
  }

  @Test
  void failureIsForgottenOnceThreadsStartAgain() {
    try (SecretProvider provider = provider()) {
      full.set(true);
      fails(Kind.UNAVAILABLE, () -> provider.get(KEY));
      fails(Kind.UNAVAILABLE, () -> provider.validVersions(KEY));
      full.set(false);
      assertThat(provider.get(KEY).asString()).isEqualTo("one");
      assertThat(provider.validVersions(KEY)).hasSize(1);
      assertThat(store.calls()).isPositive();
    }
  }
}
