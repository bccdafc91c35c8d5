package de.lifetimecircle.secrets.internal.cache;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A refresh that was begun before a write never publishes after it; one begun later does. */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "the refresh was begun before the write")
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "the refresh was begun after the write")
@Outcome(
    id = ".*",
    expect = Expect.FORBIDDEN,
    desc = "an answer from before the write is served after it")
@State
public class RefreshAgainstInvalidate {
  private final LoneEntry held = LoneEntry.held();

  /** A caller refreshes. */
  @Actor
  public void refreshes() {
    held.refresh().run();
  }

  /** A writer writes. */
  @Actor
  public void writes() {
    held.write(2);
  }

  /** Records what the entry serves after both. */
  @Arbiter
  public void after(I_Result seen) {
    seen.r1 = held.served();
  }
}
