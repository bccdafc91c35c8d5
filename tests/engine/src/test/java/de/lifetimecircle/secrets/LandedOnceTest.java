package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.internal.cache.OutageLog;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A load whose answer is published and whose end then meets an error: it is delivered again. */
class LandedOnceTest {
  private final FakeTicker ticker = FakeTicker.inline();
  private final AtomicInteger errors = new AtomicInteger();

  /** Fails where the end of an outage is noted, which comes after the answer is published. */
  private final TimeSource clock =
      new TimeSource() {
        @Override
        public Instant instant() {
          return ticker.instant();
        }

        @Override
        public long nanoTime() {
          if (errors.get() > 0 && isAtTheEndOfAnOutage()) {
            errors.decrementAndGet();
            throw new OutOfMemoryError("planted");
          }
          return ticker.nanoTime();
        }
      };

  private static boolean isAtTheEndOfAnOutage() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames.anyMatch(
                    frame ->
                        frame.getClassName().equals(OutageLog.class.getName())
                            && frame.getMethodName().equals("ended")));
  }

  @Test
  void aNewerAnswerStays() {
    FakeStore store = FakeStore.create().holding("KEY", "one");
    List<String> rotations = new ArrayList<>();
    try (SecretProvider provider =
        SecretProvider.builder()
            .environment(Map.of())
            .store(store)
            .clock(new ClockWithTimer(clock, ticker.timer()))
            .executor(ticker.workers())
            .set("soft-age", "60s")
            .set("max-stale", "1h")
            .set("jitter", "0")
            .listener(event -> event.newVersion().ifPresent(rotations::add))
            .build()) {
      SecretHandle handle = provider.handle("KEY");
      store.always(Op.FETCH, "KEY", FakeStep.fail(Kind.UNAVAILABLE));
      ticker.advance(Duration.ofMinutes(3));
      assertThat(handle.get().origin()).isEqualTo(Secret.Origin.STALE);

      errors.set(1);
      store.recover();
      store.holding("KEY", "two");
      while (errors.get() > 0) {
        ticker.advance(Duration.ofMillis(100));
      }
      store.holding("KEY", "three");
      assertThat(provider.get("KEY", Duration.ZERO).asString()).isEqualTo("three");
      for (int i = 0; i < 50; i++) {
        ticker.advance(Duration.ofMillis(100));
        assertThat(provider.get("KEY").asString()).isEqualTo("three");
      }
      assertThat(rotations).doesNotHaveDuplicates();
      handle.close();
    }
  }
}
