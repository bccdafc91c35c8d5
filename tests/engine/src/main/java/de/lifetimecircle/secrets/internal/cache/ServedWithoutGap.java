package de.lifetimecircle.secrets.internal.cache;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * While an answer is held, a refresh that lands takes it from no reader: the newer is there at
 * once.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "before")
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "after")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "nothing, or part of an answer")
@State
public class ServedWithoutGap {
  private final LoneEntry held = LoneEntry.held();
  private final Runnable refresh;

  /** Begins a refresh after a rotation. */
  public ServedWithoutGap() {
    held.backend = 2;
    refresh = held.refresh();
  }

  /** The refresh lands. */
  @Actor
  public void lands() {
    refresh.run();
  }

  /** A reader reads. */
  @Actor
  public void reads(I_Result seen) {
    seen.r1 = held.served();
  }
}
