package de.lifetimecircle.secrets.internal.cache;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A tick finds an answer past every age while the load lands that replaces it. It takes the old
 * answer from readers, and never the new one.
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
public class TickAgainstLanding {
  private final SteppedTimer timer = new SteppedTimer();
  private final LoneEntry held = LoneEntry.held(timer);
  private final Runnable refresh;

  /** Begins a refresh after a rotation, when everything is due. */
  public TickAgainstLanding() {
    timer.pass(Duration.ofHours(2));
    held.backend = 2;
    refresh = held.refresh();
  }

  /** The refresh lands. */
  @Actor
  public void lands() {
    refresh.run();
  }

  /** A tick comes. */
  @Actor
  public void ticks() {
    held.tick();
  }

  /** Records the version served at the end, and any wrong change to it. */
  @Arbiter
  public void after(II_Result seen) {
    seen.r1 = held.served();
    seen.r2 = held.loads.get() - 2 + held.staleness();
  }
}
