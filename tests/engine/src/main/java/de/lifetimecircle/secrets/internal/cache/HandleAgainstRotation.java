package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.SecretHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A handle never shows an older version after a newer one. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "before")
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "in between")
@Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "after")
@Outcome(
    id = ".*",
    expect = Expect.FORBIDDEN,
    desc = "back to an older version, or no whole answer")
@State
public class HandleAgainstRotation {
  private final LoneEntry held = LoneEntry.held();
  private final SecretHandle handle = held.handle();
  private final Runnable refresh;

  /** Begins a refresh after a rotation. */
  public HandleAgainstRotation() {
    held.backend = 2;
    refresh = held.refresh();
  }

  /** The refresh lands. */
  @Actor
  public void lands() {
    refresh.run();
  }

  /** A holder looks twice. */
  @Actor
  public void looksTwice(II_Result seen) {
    seen.r1 = LoneEntry.seen(handle.get());
    seen.r2 = LoneEntry.seen(handle.get());
  }
}
