package de.lifetimecircle.secrets;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** While the table grows a reader finds what is in it, and never goes back. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "both before the new answer")
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "the new answer came between them")
@Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "both after the new answer")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "lost, went back, or part of an answer")
@State
public class ReadAgainstGrowth {
  private static final Secret ONE = LoneEntry.answer(1);
  private static final Secret TWO = LoneEntry.answer(2);

  private final Published published = new Published();

  /** The name is known already. */
  public ReadAgainstGrowth() {
    published.put("race", ONE);
  }

  /** So many other names that the table grows. */
  @Actor
  public void grows() {
    for (int i = 0; i < 6; i++) {
      published.put("other-" + i, ONE);
    }
  }

  /** A new answer of the name. */
  @Actor
  public void rotates() {
    published.put("race", TWO);
  }

  /** Somebody reads twice. */
  @Actor
  public void reads(II_Result seen) {
    seen.r1 = LoneEntry.seen(published.get("race"));
    seen.r2 = LoneEntry.seen(published.get("race"));
  }
}
