package de.lifetimecircle.secrets.internal.cache;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A load lands, and then a tick comes that was due for the answer before it, while a reader reads
 * twice: the reader meets no gap and no step back.
 */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "both before the landing")
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "before and after it")
@Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "both after it")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "a gap, or a step back")
@State
public class ReaderAgainstLateTick {
  private final SteppedTimer timer = new SteppedTimer();
  private final LoneEntry held = LoneEntry.held(timer);
  private final Runnable refresh;

  /** Begins a refresh after a rotation, when everything is due. */
  public ReaderAgainstLateTick() {
    timer.pass(Duration.ofHours(2));
    held.backend = 2;
    refresh = held.refresh();
  }

  /** The refresh lands, and a late tick comes. */
  @Actor
  public void landsAndTicks() {
    refresh.run();
    held.tick();
  }

  /** A reader reads twice. */
  @Actor
  public void reads(II_Result seen) {
    seen.r1 = held.served();
    seen.r2 = held.served();
  }
}
