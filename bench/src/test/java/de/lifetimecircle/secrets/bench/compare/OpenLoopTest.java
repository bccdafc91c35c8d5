package de.lifetimecircle.secrets.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.bench.loopback.RealPause;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class OpenLoopTest {
  /** One long pause: whoever times each call from its begin would see it once. */
  @Test
  void onePauseMakesAllSlowThatWereDueMeanwhile() throws Exception {
    AtomicInteger measured = new AtomicInteger();
    SampleSet samples =
        new OpenLoop(600, 1)
            .measure(
                SampleSet.of("cold-get", "ms"),
                10,
                turn -> {
                  RealPause.millis(measured.incrementAndGet() == 22 ? 1000 : 2);
                  return true;
                });
    long count = samples.histogram().getTotalCount();
    long slow = count - samples.histogram().getCountBetweenValues(0, 20_000);
    assertThat(slow).isGreaterThan(5);
    assertThat(samples.histogram().getMaxValue() / SampleSet.SCALE).isGreaterThanOrEqualTo(998);
  }

  @Test
  void saysHowOftenItWasAskedAndWhatWasNotCounted() throws Exception {
    SampleSet samples =
        new OpenLoop(50, 1)
            .measure(
                SampleSet.of("cold-get", "ms"),
                10,
                turn -> {
                  RealPause.millis(1);
                  return true;
                });
    assertThat(samples.warmUp().key()).isEqualTo("warm.times");
    assertThat(samples.notes().get(0).key()).isEqualTo("rate.1");
  }

  @Test
  void countsThoseThatFailAndGoesOn() throws Exception {
    AtomicInteger turns = new AtomicInteger();
    SampleSet samples =
        new OpenLoop(50, 1)
            .measure(
                SampleSet.of("cold-get", "ms"),
                10,
                turn -> {
                  RealPause.millis(1);
                  if (turns.incrementAndGet() % 2 == 0) {
                    throw failure();
                  }
                  return true;
                });
    assertThat(samples.histogram().getTotalCount()).isPositive();
    assertThat(samples.notes()).anyMatch(note -> note.arguments().contains("UNAVAILABLE"));
  }

  @Test
  void failsWithTheReasonWhereNothingSucceeds() {
    OpenLoop loop = new OpenLoop(50, 1);
    assertThatThrownBy(
            () ->
                loop.measure(
                    SampleSet.of("cold-get", "ms"),
                    10,
                    turn -> {
                      throw failure();
                    }))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("the server is down");
  }

  private static SecretException failure() {
    return SecretException.of(SecretException.Kind.UNAVAILABLE, "fetch secret")
        .reason("the server is down")
        .build();
  }
}
