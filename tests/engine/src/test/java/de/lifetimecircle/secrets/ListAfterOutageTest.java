package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Named.named;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The list of versions and the value agree after an outage that only the value's loads met. */
class ListAfterOutageTest {
  private static final String KEY = "LTC_SECRET_KEY";

  /** How a reader of the value meets the outage while the list is on its way. */
  static Stream<Named<Consumer<SecretProvider>>> readers() {
    return Stream.of(
        named("at once", provider -> provider.get(KEY, Duration.ZERO)),
        named("refresh", provider -> provider.refresh(KEY)));
  }

  @ParameterizedTest
  @MethodSource("readers")
  void theValueIsNotOlderThanTheList(Consumer<SecretProvider> reader) {
    for (int times = 1; times <= 3; times++) {
      FakeTicker ticker = FakeTicker.inline();
      FakeStore store = FakeStore.create().clock(ticker).holding(KEY, "one");
      try (SecretProvider provider =
          SecretProvider.builder()
              .store(store)
              .environment(Map.of())
              .set("retries", "0")
              .clock(ticker)
              .executor(ticker.workers())
              .build()) {
        assertThat(provider.validVersions(KEY).get(0).asString()).isEqualTo("one");
        assertThat(provider.get(KEY).asString()).isEqualTo("one");
        ticker.advance(Duration.ofSeconds(1));
        store.holding(KEY, "two");
        int failing = times;
        store.next(
            Op.VERSIONS,
            KEY,
            FakeStep.run(
                () -> {
                  store.always(Op.FETCH, KEY, FakeStep.fail(Kind.UNAVAILABLE));
                  for (int i = 0; i < failing; i++) {
                    assertThatThrownBy(() -> reader.accept(provider))
                        .isInstanceOf(SecretException.class);
                  }
                }));
        String listed = provider.validVersions(KEY, Duration.ZERO).get(0).asString();
        assertThat(listed).isEqualTo("two");
        assertThat(provider.get(KEY).asString()).as("%d failed loads", times).isEqualTo(listed);
      }
    }
  }

  /** A list that comes while a load is on its way that was asked for later, and hangs. */
  @Test
  void theValueIsNotOlderThanTheListWhileARefreshHangs() throws Exception {
    CountDownLatch isHanging = new CountDownLatch(1);
    CountDownLatch ends = new CountDownLatch(1);
    FakeStore store = FakeStore.create().holding(KEY, "one");
    try (SecretProvider provider =
        SecretProvider.builder().store(store).environment(Map.of()).set("retries", "0").build()) {
      assertThat(provider.validVersions(KEY).get(0).asString()).isEqualTo("one");
      assertThat(provider.get(KEY).asString()).isEqualTo("one");
      FutureTask<Secret> refresh = new FutureTask<>(() -> provider.refresh(KEY));
      store.holding(KEY, "two");
      store.always(
          Op.FETCH,
          KEY,
          FakeStep.run(
              () -> {
                isHanging.countDown();
                await(ends);
                throw SecretException.of(Kind.UNAVAILABLE, "get secret").build();
              }));
      store.next(
          Op.VERSIONS,
          KEY,
          FakeStep.run(
              () -> {
                new Thread(refresh, "refresher").start();
                await(isHanging);
              }));
      provider.validVersions(KEY, Duration.ZERO);
      String listed = provider.validVersions(KEY).get(0).asString();
      assertThat(provider.get(KEY).asString()).isEqualTo(listed);
      assertThat(listed).isEqualTo("two");
      ends.countDown();
      assertThatThrownBy(refresh::get).hasCauseInstanceOf(SecretException.class);
      assertThat(provider.get(KEY).asString()).as("an outage loses no version").isEqualTo("two");
    }
  }

  /** The first reader hears that the list is denied; the others do not wait for the next tries. */
  @Test
  void aListThatWasDeniedDelaysNoReaderOfTheValue() throws Exception {
    FakeStore store = FakeStore.create().holding(KEY, "one");
    try (SecretProvider provider =
        SecretProvider.builder()
            .store(store)
            .environment(Map.of())
            .set("retries", "0")
            .set("timeout", "1m")
            .build()) {
      assertThat(provider.validVersions(KEY).get(0).asString()).isEqualTo("one");
      store.always(Op.VERSIONS, KEY, FakeStep.fail(Kind.ACCESS_DENIED));
      assertThat(provider.get(KEY, Duration.ZERO).asString()).isEqualTo("one");
      store.always(Op.VERSIONS, KEY, FakeStep.hang());
      for (Callable<Secret> reader :
          List.<Callable<Secret>>of(
              () -> provider.get(KEY, Duration.ZERO),
              () -> provider.refresh(KEY),
              () -> provider.get(KEY, Duration.ZERO),
              () -> provider.get(KEY))) {
        FutureTask<Secret> read = new FutureTask<>(reader);
        new Thread(read, "reader").start();
        assertThat(read.get(30, TimeUnit.SECONDS).asString()).isEqualTo("one");
      }
      ConditionWait.until("the list was asked for again", () -> store.hanging() == 1);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
