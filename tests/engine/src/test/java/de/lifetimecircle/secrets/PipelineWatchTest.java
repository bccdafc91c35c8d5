package de.lifetimecircle.secrets;

import static de.lifetimecircle.secrets.Failing.fails;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Who is kept fresh, for how long, and what follows from it, in virtual time. */
class PipelineWatchTest {
  private static final String KEY = "LTC_SECRET_KEY";
  private static final Duration IDLE = Duration.ofHours(2);
  private final FakeTicker ticker = FakeTicker.inline();
  private final FakeStore store = FakeStore.create().clock(ticker).holding(KEY, "one");
  private final List<SecretEvent> events = new ArrayList<>();

  private SecretProviderBuilder builder() {
    return SecretProvider.builder()
        .store(store)
        .environment(Map.of())
        .set("idle", "10m")
        .set("jitter", "0")
        .set("retries", "0")
        .clock(ticker)
        .random(new SplittableRandom(1))
        .executor(ticker.workers());
  }

  private void rotate(String text) {
    ticker.advance(Duration.ofMillis(10)); // so that the new version is a later one
    store.secondClient().put(PutRequest.always(KEY, SecretValue.of(text)));
  }

  private int fetches() {
    return store.calls(Op.FETCH, KEY);
  }

  @Test
  void listenerBringsAnIdleNameBackAndLetsItGo() {
    try (SecretProvider provider = builder().build()) {
      provider.get(KEY);
      ticker.advance(IDLE);
      rotate("two");
      SecretListener.Registration registration = provider.onChange(KEY, events::add);
      assertThat(events).hasSize(1);
      ticker.advance(IDLE);
      rotate("three");
      ticker.advance(Duration.ofMinutes(5));
      assertThat(events).hasSize(2);
      registration.close();
      registration.close();
      ticker.advance(IDLE);
      int calls = fetches();
      ticker.advance(IDLE);
      assertThat(fetches()).as("nobody wants it any more").isEqualTo(calls);
    }
  }

  /** Takes loads, and everything else only while the flag is down. */
  private ExecutorService takingOnlyLoads(AtomicBoolean isCrowded) {
    ExecutorService workers = ticker.workers();
    return (ExecutorService)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ExecutorService.class},
            (proxy, method, arguments) -> {
              if (isCrowded.get()
                  && method.getName().equals("execute")
                  && !(arguments[0] instanceof FutureTask)) {
                throw new RejectedExecutionException("crowded");
              }
              return method.invoke(workers, arguments);
            });
  }

  /** The name is forgotten then, so nothing else needs a tick. */
  @Test
  void listenerHearsOfAnExpiryThatNoThreadCouldBringBefore() {
    AtomicBoolean isCrowded = new AtomicBoolean();
    SecretProviderBuilder builder = builder().executor(takingOnlyLoads(isCrowded));
    try (SecretProvider provider = builder.set("max-stale", "10m").listener(events::add).build()) {
      provider.get(KEY);
      isCrowded.set(true);
      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      ticker.advance(Duration.ofHours(1));
      assertThat(provider.stats().names()).isZero();
      assertThat(events).isEmpty();
      isCrowded.set(false);
      ticker.advance(Duration.ofSeconds(1));
      assertThat(events).last().returns(SecretEvent.Type.EXPIRED, SecretEvent::type);
    }
  }

  @Test
  void whoWantsTheNewestOfAnIdleNameMakesNoStorm() {
    try (SecretProvider provider = builder().build()) {
      provider.get(KEY);
      ticker.advance(IDLE);
      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      int calls = fetches();
      for (int i = 0; i < 100; i++) {
        fails(Kind.UNAVAILABLE, () -> provider.get(KEY, Duration.ZERO));
      }
      assertThat(fetches()).isEqualTo(calls + 1);
      store.recover();
      ticker.advance(Duration.ofSeconds(2));
      assertThat(provider.get(KEY, Duration.ofSeconds(2)).asString()).isEqualTo("one");
    }
  }

  @Test
  void validVersionsThatWereUnderWayKnowWhatGetHasServedMeanwhile() {
    try (SecretProvider provider = builder().build()) {
      store.next(
          Op.FETCH_VERSION,
          KEY,
          FakeStep.run(
              () -> {
                rotate("two");
                assertThat(provider.get(KEY).asString()).isEqualTo("two");
              }));
      assertThat(provider.validVersions(KEY))
          .extracting(Secret::asString)
          .containsExactly("two", "one");
      assertThat(provider.validVersions(KEY))
          .extracting(Secret::asString)
          .containsExactly("two", "one");
    }
  }

  @Test
  void eachReaderAfterARefreshCountsAsOne() {
    try (SecretProvider provider = builder().build()) {
      for (int i = 0; i < 12; i++) { // an hour, six times as long as a name may be unread
        provider.get(KEY);
        ticker.advance(Duration.ofMinutes(5));
      }
      assertThat(fetches()).isEqualTo(13);
      assertThat(provider.get(KEY).staleReason()).isEmpty();
    }
  }

  @Test
  void namesThatWereWrittenOverAreForgottenOnce() {
    try (SecretWriter writer = builder().buildWriter()) {
      SecretProvider provider = writer.provider();
      provider.get(KEY);
      int waiting = ticker.waiting();
      for (int i = 0; i < 100; i++) {
        provider.get(KEY);
        writer.put(KEY, SecretValue.of("value " + i));
      }
      assertThat(ticker.waiting()).isLessThanOrEqualTo(waiting);
      ticker.advance(IDLE);
      assertThat(ticker.waiting()).as("no entry is left").isZero();
      assertThat(provider.get(KEY).asString()).isEqualTo("value 99");
    }
  }
}
