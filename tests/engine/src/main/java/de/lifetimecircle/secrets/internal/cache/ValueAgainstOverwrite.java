package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.internal.types.EngineAccess;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A value that is overwritten while it is read is read whole or not at all. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "read before")
@Outcome(id = "-2", expect = Expect.ACCEPTABLE, desc = "refused")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "overwritten in part")
@State
public class ValueAgainstOverwrite {
  private final SecretValue value = LoneEntry.value(1);

  /** Its owner is done with it. */
  @Actor
  public void overwrites() {
    EngineAccess.types().overwrite(value);
  }

  /** A reader reads. */
  @Actor
  public void reads(I_Result seen) {
    try {
      seen.r1 = LoneEntry.whole(value.asBytes(), 1);
    } catch (SecretException e) {
      seen.r1 = LoneEntry.OVERWRITTEN;
    }
  }
}
