package de.lifetimecircle.secrets;

import java.util.Objects;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Of two readers who wait for a cold name one makes the load, and both have its answer. */
@JCStressTest
@Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "one call of the store, two answers")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "two calls, or a reader without an answer")
@State
public class TwoTakers {
  private final LoneEntry cold = LoneEntry.madeByReaders();

  private int waits() {
    return LoneEntry.seen(Objects.requireNonNull(cold.readAndWait()).join("get secret", "race"));
  }

  /** One reader. */
  @Actor
  public void reads(III_Result seen) {
    seen.r1 = waits();
  }

  /** The other. */
  @Actor
  public void readsToo(III_Result seen) {
    seen.r2 = waits();
  }

  /** How often the store was asked. */
  @Arbiter
  public void after(III_Result seen) {
    seen.r3 = cold.asked.get();
  }
}
