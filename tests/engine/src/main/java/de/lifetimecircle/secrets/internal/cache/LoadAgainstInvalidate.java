package de.lifetimecircle.secrets.internal.cache;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A load that was begun before a write never publishes after it. */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "nothing is served until a newer load lands")
@Outcome(
    id = ".*",
    expect = Expect.FORBIDDEN,
    desc = "an answer from before the write is served after it")
@State
public class LoadAgainstInvalidate {
  private final LoneEntry cold = LoneEntry.loading();

  /** The load lands. */
  @Actor
  public void lands() {
    cold.land();
  }

  /** A write is done meanwhile. */
  @Actor
  public void writes() {
    cold.write(2);
  }

  /** Records what the entry serves after both. */
  @Arbiter
  public void after(I_Result seen) {
    seen.r1 = cold.served();
  }
}
