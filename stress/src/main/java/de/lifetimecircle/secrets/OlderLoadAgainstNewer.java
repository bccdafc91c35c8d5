package de.lifetimecircle.secrets;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Of two refreshes the one that was begun last is served at the end, whichever lands last. */
@JCStressTest
@Outcome(id = "3", expect = Expect.ACCEPTABLE, desc = "the newer")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "an older answer displaced a newer one")
@State
public class OlderLoadAgainstNewer {
  private final LoneEntry held = LoneEntry.held();
  private final Runnable older;
  private final Runnable newer;

  /** Begins both, with a rotation between them. */
  public OlderLoadAgainstNewer() {
    held.backend = 2;
    older = held.refresh();
    held.backend = 3;
    newer = held.refresh();
  }

  /** The older lands. */
  @Actor
  public void olderLands() {
    older.run();
  }

  /** The newer lands. */
  @Actor
  public void newerLands() {
    newer.run();
  }

  /** What is served after both. */
  @Arbiter
  public void after(I_Result seen) {
    seen.r1 = held.served();
  }
}
