package de.lifetimecircle.secrets.internal.cache;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A reader that sees an answer sees all of it, however short ago it was published. */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "not published yet")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "the whole answer")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "part of an answer")
@State
public class PublishedWhole {
  private final LoneEntry cold = LoneEntry.loading();

  /** The load lands. */
  @Actor
  public void lands() {
    cold.land();
  }

  /** A reader reads. */
  @Actor
  public void reads(I_Result seen) {
    seen.r1 = cold.served();
  }
}
