package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Alarms that ring later than they are due, as on a machine that had no thread for the timer. */
class LateAlarmTest {
  private static final Duration PAST_EVERY_AGE = Duration.ofHours(2);
  private final SteppedTimer timer = new SteppedTimer();
  private final LoneEntry held = LoneEntry.held(timer);

  @Test
  void lateAlarmOfAnOldAnswerDoesNothingToANewOne() {
    timer.pass(PAST_EVERY_AGE);
    held.backend = 2;
    held.refresh().run(); // lands after the queue has taken the alarm and before it rings
    held.ring(timer);
    assertThat(held.served()).isEqualTo(2);
    assertThat(held.staleness()).isZero();
    assertThat(held.loads).as("nobody asks again").hasValue(2);
  }

  @Test
  void theNewAnswerHasAlarmsOfItsOwn() {
    timer.pass(PAST_EVERY_AGE);
    held.backend = 2;
    held.refresh().run();
    held.ring(timer);
    timer.pass(Duration.ofMinutes(6));
    held.ring(timer);
    assertThat(held.served()).isEqualTo(2);
    assertThat(held.staleness()).as("past its soft age").isEqualTo(1);
    assertThat(held.loads).as("and asked for again").hasValue(3);
  }

  @Test
  void lateAlarmTakesTheOldAnswerFromReadersWhileNothingNewCame() {
    timer.pass(PAST_EVERY_AGE);
    Runnable refresh = held.refresh();
    held.ring(timer);
    assertThat(held.served()).isEqualTo(LoneEntry.NOTHING);
    refresh.run();
    assertThat(held.served()).isEqualTo(1);
  }

  @Test
  void lateAlarmAfterAWriteBringsNothingBackAndRetiresNothing() {
    timer.pass(PAST_EVERY_AGE);
    held.write(2);
    held.ring(timer);
    assertThat(held.served()).isEqualTo(LoneEntry.NOTHING);
    var answer = held.read();
    assertThat(answer).as("the entry is not retired").isNotNull();
    held.land(answer);
    assertThat(LoneEntry.answered(answer)).isEqualTo(2);
    assertThat(held.served()).isEqualTo(2);
  }
}
