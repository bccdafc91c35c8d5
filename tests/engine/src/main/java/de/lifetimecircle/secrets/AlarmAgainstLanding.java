package de.lifetimecircle.secrets;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The alarms of an answer that is past every age ring while the load lands that replaces it. They
 * take the old answer from readers, and never the new one.
 */
@JCStressTest
@Outcome(
    id = "2, 0",
    expect = Expect.ACCEPTABLE,
    desc = "the new answer, and nothing was done to it")
@Outcome(
    id = ".*",
    expect = Expect.FORBIDDEN,
    desc = "the new answer is gone, stale, or asked for again")
@State
public class AlarmAgainstLanding {
  private final SteppedTimer timer = new SteppedTimer();
  private final LoneEntry held = LoneEntry.held(timer);
  private final Runnable refresh;

  /** Begins a refresh after a rotation, when every alarm is overdue. */
  public AlarmAgainstLanding() {
    timer.pass(Duration.ofHours(2));
    held.backend = 2;
    refresh = held.refresh();
  }

  /** The refresh lands. */
  @Actor
  public void lands() {
    refresh.run();
  }

  /** The alarms ring. */
  @Actor
  public void rings() {
    held.ring(timer);
  }

  /** Records the version served at the end, and any wrong change to it. */
  @Arbiter
  public void after(II_Result seen) {
    seen.r1 = held.served();
    seen.r2 = held.loads.get() - 2 + held.staleness();
  }
}
