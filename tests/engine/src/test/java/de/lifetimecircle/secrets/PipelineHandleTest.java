package de.lifetimecircle.secrets;

import static de.lifetimecircle.secrets.Failing.fails;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a handle and a listener hear of, and how long each keeps its name fresh. */
class PipelineHandleTest {
  private static final String KEY = "LTC_SECRET_KEY";
  private static final Duration SOFT_AGE = Duration.ofMinutes(5);
  private final FakeTicker ticker = FakeTicker.inline();
  private final FakeStore store = FakeStore.create().clock(ticker).holding(KEY, "one");

  private SecretProviderBuilder builder() {
    return SecretProvider.builder()
        .store(store)
        .environment(Map.of("OVERRIDDEN_LOCAL", "local"))
        .set("idle", "10m")
        .set("jitter", "0")
        .set("retries", "0")
        .clock(ticker)
        .executor(ticker.workers());
  }

  private void rotate(String text) {
    ticker.advance(Duration.ofMillis(10)); // so that the new version is a later one
    store.secondClient().put(PutRequest.always(KEY, SecretValue.of(text)));
  }

  @Test
  void onChangeHearsOfNoOutageAndOnEventOfBoth() {
    try (SecretProvider provider = builder().set("max-stale", "1h").build()) {
      List<SecretEvent> changes = new ArrayList<>();
      List<SecretEvent> events = new ArrayList<>();
      var registration = provider.onChange(KEY, changes::add);
      var ofEvents = provider.onEvent(KEY, events::add);
      store.outage(FakeStep.fail(Kind.UNAVAILABLE));
      ticker.advance(Duration.ofHours(2));
      assertThat(events)
          .extracting(SecretEvent::type)
          .contains(SecretEvent.Type.REFRESH_FAILED, SecretEvent.Type.EXPIRED)
          .doesNotContain(SecretEvent.Type.ROTATED);
      assertThat(changes).isEmpty();
      store.recover();
      rotate("two");
      ticker.advance(SOFT_AGE.multipliedBy(2));
      assertThat(changes).singleElement().satisfies(e -> assertThat(e.newVersion()).isPresent());
      assertThat(events).extracting(SecretEvent::type).contains(SecretEvent.Type.ROTATED);
      registration.close();
      ofEvents.close();
      rotate("three");
      ticker.advance(SOFT_AGE.multipliedBy(2));
      assertThat(changes).hasSize(1);
    }
  }

  @Test
  void aClosedHandleLetsItsNameGo() {
    try (SecretProvider provider = builder().build()) {
      SecretHandle closed = provider.handle(KEY);
      SecretHandle open = provider.handle(KEY);
      SecretHandle overridden = provider.handle("OVERRIDDEN");
      assertThat(overridden.get().asString()).isEqualTo("local");
      closed.close();
      closed.close();
      overridden.close();
      fails(Kind.CLOSED, closed::get);
      fails(Kind.CLOSED, overridden::get);
      int calls = store.calls(Op.FETCH, KEY);
      ticker.advance(Duration.ofHours(2));
      assertThat(store.calls(Op.FETCH, KEY)).as("the other one watches").isGreaterThan(calls + 10);
      assertThat(open.get().origin()).isEqualTo(Secret.Origin.CACHE);
      open.close();
      ticker.advance(Duration.ofHours(1));
      calls = store.calls(Op.FETCH, KEY);
      ticker.advance(Duration.ofHours(10));
      assertThat(store.calls(Op.FETCH, KEY)).as("nobody watches").isEqualTo(calls);
      assertThat(provider.get(KEY).asString()).isEqualTo("one");
    }
  }

  /** 500 handles that nobody closed, where the cache may hold 10 names. */
  @Test
  void aDroppedHandleKeepsNothingFresh() throws InterruptedException {
    int handles = 500;
    for (int i = 0; i < handles; i++) {
      store.holding("name/" + i, "value " + i);
    }
    try (SecretProvider provider = builder().set("max-names", "10").build()) {
      SecretHandle kept = provider.handle(KEY);
      drop(provider, handles);
      for (int i = 0; i < 100 && provider.stats().names() > 10; i++) {
        collect();
        ticker.advance(SOFT_AGE);
      }
      assertThat(provider.stats().names()).isLessThanOrEqualTo(10);
      ticker.advance(Duration.ofHours(1));
      int calls = store.calls(Op.FETCH);
      ticker.advance(SOFT_AGE.multipliedBy(10));
      assertThat(store.calls(Op.FETCH) - calls).as("only the handle that is there").isEqualTo(10);
      assertThat(kept.get().origin()).isEqualTo(Secret.Origin.CACHE);
    }
  }

  private static void drop(SecretProvider provider, int handles) {
    for (int i = 0; i < handles; i++) {
      assertThat(provider.handle("name/" + i).get().asString()).isEqualTo("value " + i);
    }
  }

  /** Runs the collector and waits until it has handed over what it found. */
  private static void collect() throws InterruptedException {
    ReferenceQueue<Object> found = new ReferenceQueue<>();
    WeakReference<Object> witness = new WeakReference<>(new Object(), found);
    System.gc();
    assertThat(found.remove(10_000)).isSameAs(witness);
  }
}
