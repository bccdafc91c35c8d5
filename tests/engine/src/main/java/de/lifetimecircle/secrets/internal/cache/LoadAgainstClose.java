package de.lifetimecircle.secrets.internal.cache;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A closed entry serves nothing, though a load lands meanwhile, and takes no more readers. */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "nothing served, no reader taken")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "an answer after the close")
@State
public class LoadAgainstClose {
  private final LoneEntry cold = LoneEntry.loading();

  /** The load lands. */
  @Actor
  public void lands() {
    cold.land();
  }

  /** The provider closes. */
  @Actor
  public void closes() {
    cold.entry.close();
  }

  /** Records what the entry serves after both, and whether it still accepts a reader. */
  @Arbiter
  public void after(II_Result seen) {
    seen.r1 = cold.served();
    seen.r2 = cold.read() == null ? 0 : 1;
  }
}
