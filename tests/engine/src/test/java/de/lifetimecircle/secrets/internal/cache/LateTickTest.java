package de.lifetimecircle.secrets.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Ticks that come later than they are due, as on a machine that had no thread for the sweep. */
class LateTickTest {
  private static final Duration PAST_EVERY_AGE = Duration.ofHours(2);
  private final SteppedTimer timer = new SteppedTimer();
  private final LoneEntry held = LoneEntry.held(timer);

  @Test
  void lateTickOfAnOldAnswerDoesNothingToANewOne() {
    timer.pass(PAST_EVERY_AGE);
    held.backend = 2;
    held.refresh().run(); // lands before the tick that was due for the old answer
    held.tick();
    assertThat(held.served()).isEqualTo(2);
    assertThat(held.staleness()).isZero();
    assertThat(held.loads).as("nobody asks again").hasValue(2);
  }

  @Test
  void theNewAnswerHasTimesOfItsOwn() {
    timer.pass(PAST_EVERY_AGE);
    held.backend = 2;
    held.refresh().run();
    held.tick();
    timer.pass(Duration.ofMinutes(6));
    held.tick();
    assertThat(held.served()).isEqualTo(2);
    assertThat(held.staleness()).as("past its soft age").isEqualTo(1);
    assertThat(held.loads).as("and asked for again").hasValue(3);
  }

  @Test
  void lateTickTakesTheOldAnswerFromReadersWhileNothingNewCame() {
    timer.pass(PAST_EVERY_AGE);
    Runnable refresh = held.refresh();
    held.tick();
    assertThat(held.served()).isEqualTo(LoneEntry.NOTHING);
    refresh.run();
    assertThat(held.served()).isEqualTo(1);
  }

  @Test
  void lateTickAfterAWriteBringsNothingBackAndRetiresNothing() {
    timer.pass(PAST_EVERY_AGE);
    held.write(2);
    held.tick();
    assertThat(held.served()).isEqualTo(LoneEntry.NOTHING);
    var answer = held.read();
    assertThat(answer).as("the entry is not retired").isNotNull();
    held.land(answer);
    assertThat(LoneEntry.answered(answer)).isEqualTo(2);
    assertThat(held.served()).isEqualTo(2);
  }
}
