package de.lifetimecircle.secrets.internal.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.ConditionWait;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The first calls of a process that has too little of a processor. */
class ColdStartTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long TIMEOUT = 10 * SECOND;

  private final AtomicLong used = new AtomicLong();
  private final ColdStart start = new ColdStart(used::get, TIMEOUT);

  /**
   * When a call ends that nobody answers, in seconds, by a share of a processor for each second.
   */
  private long ends(double... shares) {
    long latest = start.latest(TIMEOUT);
    long deadline = TIMEOUT;
    for (int second = 1; second <= 100; second++) {
      double share = second <= shares.length ? shares[second - 1] : shares[shares.length - 1];
      used.addAndGet((long) (share * SECOND));
      long now = second * SECOND;
      if (deadline <= now) {
        deadline = start.putOff(deadline, latest, now);
        if (deadline <= now) {
          return second;
        }
      }
    }
    throw new AssertionError("it never ends");
  }

  @ParameterizedTest
  @CsvSource({"1, 60", "0.5, 60", "0.05, 60", "0.015, 60", "0.005, 12", "0, 12"})
  void aCallHasMoreTimeWhileTheProcessComputes(double share, long end) {
    assertThat(ends(share)).isEqualTo(end);
  }

  @Test
  void aCallEndsSoonAfterTheProcessBeganToWait() {
    double[] shares = LongStream.rangeClosed(1, 17).mapToDouble(second -> 0.1).toArray();
    shares[16] = 0;
    assertThat(ends(shares)).isEqualTo(18);
  }

  /** The system counts in hundredths of a second, so a short time shows nothing. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1_000_000, 40_000_000, 400_000_000})
  void callsThatBeganTogetherAreJudgedByOneLook(long later) {
    long latest = start.latest(TIMEOUT);
    long now = TIMEOUT;
    for (boolean computes : new boolean[] {true, true, false}) {
      used.addAndGet(computes ? SECOND / 10 : 0);
      for (int call = 0; call < 3; call++) {
        long end = now + call * later;
        assertThat(start.putOff(end, latest + later, end) > end)
            .as("call %d at %d", call, end)
            .isEqualTo(computes);
      }
      now += 2 * SECOND + SECOND / 10;
    }
  }

  @Test
  void aWarmProviderKeepsToItsTimeout() {
    start.over();
    assertThat(ends(1)).isEqualTo(10);
  }

  @Test
  void timeThatIsNotOfTheMachineGivesNothing() {
    ColdStart none = ColdStart.none();
    assertThat(none.latest(TIMEOUT)).isEqualTo(TIMEOUT);
    assertThat(none.putOff(TIMEOUT, TIMEOUT, TIMEOUT)).isEqualTo(TIMEOUT);
  }

  @Test
  void theSystemCountsTheProcessorTimeOfThisProcess() {
    long before = ColdStart.processorNanos();
    ConditionWait.until(
        "it is counted",
        () -> {
          compute(Duration.ofMillis(20));
          return ColdStart.processorNanos() > before;
        });
  }

  private static void compute(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    double sum = 0;
    while (System.nanoTime() < end) {
      sum += Math.sin(sum + 1);
    }
    assertThat(sum).isNotNaN();
  }

  /** Who waits for the first load. */
  enum Reader {
    GET,
    PREFETCH,
    REQUIRE;

    String read(SecretProvider provider) {
      if (this == PREFETCH) {
        provider.prefetch(List.of("NAME"));
      } else if (this == REQUIRE) {
        provider.require("NAME");
      }
      return provider.get("NAME").asString();
    }
  }

  private static SecretProvider provider(FakeStore store) {
    return SecretProvider.builder()
        .store(store)
        .environment(Map.of())
        .set("timeout", "2s")
        .set("retries", "0")
        .build();
  }

  @ParameterizedTest
  @EnumSource
  void theFirstLoadMayComputeForLongerThanTheTimeout(Reader reader) {
    FakeStore store = FakeStore.create().holding("NAME", "value");
    store.next(Op.FETCH, "NAME", FakeStep.run(() -> compute(Duration.ofMillis(4_200))));
    try (SecretProvider provider = provider(store)) {
      assertThat(reader.read(provider)).isEqualTo("value");
    }
  }

  @Test
  void aBackendThatHangsAtTheFirstLoadIsATimeoutAllTheSame() {
    FakeStore store = FakeStore.create().holding("NAME", "value");
    store.outage(FakeStep.hang());
    try (SecretProvider provider = provider(store)) {
      assertThatThrownBy(() -> provider.get("NAME"))
          .isInstanceOfSatisfying(
              SecretException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TIMEOUT))
          .hasMessageMatching("(?s).*no answer within [0-9]{4,5} ms.*");
    }
    store.recover();
  }
}
