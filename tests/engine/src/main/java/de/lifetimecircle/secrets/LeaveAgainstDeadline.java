package de.lifetimecircle.secrets;

import java.util.Objects;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A reader leaves the store when its call is ended, and takes no interrupt along. */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "no interrupt after the store")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "an interrupt that was meant for the store")
@State
public class LeaveAgainstDeadline {
  private final LoneEntry cold = LoneEntry.madeByReaders();

  /** The reader makes its load. */
  @Actor
  public void reads(I_Result seen) {
    try {
      var unused = Objects.requireNonNull(cold.readAndWait()).join("get secret", "race");
    } catch (SecretException ended) {
      // One of the two ways in which it may end; the other is an answer.
    }
    seen.r1 = Thread.interrupted() ? 1 : 0;
  }

  /** Ends the call as the deadline does. */
  @Actor
  public void ends() {
    cold.endCalls();
  }
}
