package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.Secret;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A reader beside a close gets the whole value or a clear refusal; at the end it is overwritten.
 */
@JCStressTest
@Outcome(id = "1, -2", expect = Expect.ACCEPTABLE, desc = "read before it was overwritten")
@Outcome(id = "0, -2", expect = Expect.ACCEPTABLE, desc = "nothing served any more")
@Outcome(id = "-2, -2", expect = Expect.ACCEPTABLE, desc = "refused")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "a value overwritten in part, or not at all")
@State
public class ReadAgainstClose {
  private final LoneEntry held = LoneEntry.held();
  private final @Nullable Secret answer = held.entry.served;

  /** The provider closes. */
  @Actor
  public void closes() {
    held.entry.close();
  }

  /** A reader reads. */
  @Actor
  public void reads(II_Result seen) {
    seen.r1 = held.served();
  }

  /** Records the state of the value at the end. */
  @Arbiter
  public void after(II_Result seen) {
    seen.r2 = LoneEntry.seen(answer);
  }
}
