package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.BatchStore;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.WritableStore;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What many names at once cost a backend, well and unwell, in virtual time. */
class PipelineBatchTest {
  private static final List<String> NAMES = List.of("a", "b", "c");
  private final FakeTicker ticker = FakeTicker.queued();
  private final FakeStore store =
      FakeStore.create().clock(ticker).holding("a", "A").holding("b", "B").holding("c", "C");

  private SecretProviderBuilder builder() {
    return SecretProvider.builder()
        .store(store)
        .environment(Map.of("C_LOCAL", "overridden"))
        .set("jitter", "0")
        .clock(ticker)
        .random(new SplittableRandom(1))
        .executor(ticker.workers());
  }

  private void prefetchFor(SecretProvider provider, Duration time) {
    for (long passed = 0; passed < time.toMillis(); passed += 10) {
      provider.prefetch(NAMES);
      ticker.advance(Duration.ofMillis(10));
    }
  }

  @Test
  void onlyColdNamesAreAskedForAlsoAfterAWriteOfAnother() {
    FakeTicker inline = FakeTicker.inline();
    store.holding("d", "D");
    SecretProviderBuilder builder = builder().clock(inline).executor(inline.workers());
    try (SecretWriter writer = builder.buildWriter();
        SecretValue value = SecretValue.of("of no importance")) {
      var unused = writer.put("other", value);
      SecretProvider provider = writer.provider();
      assertThat(provider.get("a").asString()).isEqualTo("A");
      assertThat(provider.getAll(List.of("a", "b", "d"))).hasSize(3);
      assertThat(store.calls(Op.FETCH_ALL)).isEqualTo(1);
      assertThat(store.calls(Op.FETCH, "a")).isEqualTo(1);
    }
  }

  @Test
  void retriesOfThrottledNamesShareOneCall() {
    store.next(Op.FETCH_ALL, "", FakeStep.fail(Kind.THROTTLED));
    try (SecretProvider provider = builder().build()) {
      prefetchFor(provider, Duration.ofSeconds(1));
      assertThat(store.calls(Op.FETCH_ALL)).isEqualTo(2);
      assertThat(store.calls(Op.FETCH)).as("each once, in the second call").isEqualTo(2);
      assertThat(provider.get("b").asString()).isEqualTo("B");
    }
  }

  /** As of a store that asks for groups of names, of which one was throttled. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void namesThatWereThrottledInAnAnswerShareTheNextCall(int times) {
    for (String name : List.of("a", "b")) {
      for (int i = 0; i < times; i++) {
        store.next(Op.FETCH, name, FakeStep.fail(Kind.THROTTLED));
      }
    }
    store.holding("d", "D");
    try (SecretProvider provider = builder().build()) {
      provider.prefetch(List.of("a", "b", "d", "missing"));
      ticker.advance(Duration.ofSeconds(1));
      assertThat(provider.get("a").asString()).isEqualTo("A");
      assertThat(provider.get("b").asString()).isEqualTo("B");
      assertThat(store.calls(Op.FETCH_ALL)).isEqualTo(1 + times);
      assertThat(store.calls(Op.FETCH, "a")).isEqualTo(1 + times);
      assertThat(store.calls(Op.FETCH, "d")).as("answered at once").isEqualTo(1);
      assertThat(store.calls(Op.FETCH, "missing")).isEqualTo(1);
    }
  }

  @Test
  void deadBackendIsAskedForManyAsRarelyAsForOne() {
    store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    try (SecretProvider provider = builder().set("retries", "2").build()) {
      prefetchFor(provider, Duration.ofSeconds(12));
      // Three tries of both together, then one of each, since they are remembered apart.
      assertThat(store.calls()).isEqualTo(5);
    }
  }

  @Test
  void failureOfAWholeCallNamesEachSecret() {
    FakeTicker inline = FakeTicker.inline();
    store.outage(FakeStep.fail(Kind.UNAVAILABLE));
    try (SecretProvider provider =
        builder().set("retries", "0").clock(inline).executor(inline.workers()).build()) {
      for (SecretResult result : provider.getAll(List.of("a", "b")).values()) {
        SecretException e = result.error().orElseThrow();
        assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(e.name()).contains(result.name());
      }
    }
  }

  @Test
  void aDefectOfTheCallForManyHarmsNoName() {
    FakeTicker inline = FakeTicker.inline();
    store.next(Op.FETCH_ALL, "", FakeStep.broken(new IllegalStateException("an odd name")));
    try (SecretProvider provider = builder().clock(inline).executor(inline.workers()).build()) {
      assertThat(provider.getAll(List.of("a", "b")).values())
          .allSatisfy(each -> assertThat(each.error()).isEmpty());
      assertThat(provider.stats().foreignFailures()).as("counted").isEqualTo(1);
    }
  }

  @Test
  void namesThatNeedNoCallAreNotAskedFor() {
    try (SecretProvider provider = builder().build()) {
      provider.prefetch(NAMES);
      provider.prefetch(List.of("a", "b"));
      ticker.runReady();
      assertThat(store.calls(Op.FETCH, "a")).isEqualTo(1);
      assertThat(store.calls(Op.FETCH, "b")).isEqualTo(1);
      assertThat(store.calls(Op.FETCH, "c")).as("overridden").isZero();
    }
  }

  @Test
  void aWriteDuringTheCallIsSeenThoughItsNameWasNotAskedForYet() {
    FakeTicker inline = FakeTicker.inline();
    AtomicReference<Runnable> between = new AtomicReference<>(() -> {});
    SecretStore writesInBetween =
        (SecretStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {BatchStore.class, WritableStore.class},
                (proxy, method, arguments) -> {
                  Object answer = method.invoke(store, arguments);
                  if (method.getName().equals("fetchAll")) {
                    between.getAndSet(() -> {}).run();
                  }
                  return answer;
                });
    SecretProviderBuilder builder = builder().store(writesInBetween).executor(inline.workers());
    try (SecretWriter writer = builder.clock(inline).buildWriter()) {
      // The call is made for a, before anything is known of b.
      between.set(() -> writer.put("b", SecretValue.of("new")));
      Map<String, SecretResult> results = writer.provider().getAll(List.of("a", "b"));
      assertThat(store.calls(Op.FETCH_ALL)).isEqualTo(1);
      assertThat(results.get("a").secret().orElseThrow().asString()).isEqualTo("A");
      assertThat(results.get("b").secret().orElseThrow().asString()).isEqualTo("new");
      assertThat(writer.provider().get("b").asString()).isEqualTo("new");
    }
  }
}
