package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.SecretHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;

/** A thread that reads a handle repeatedly sees a rotation in the end. */
@JCStressTest(Mode.Termination)
@Outcome(id = "TERMINATED", expect = Expect.ACCEPTABLE, desc = "it saw the new version")
@Outcome(id = "STALE", expect = Expect.FORBIDDEN, desc = "it looks at the old one for ever")
@State
public class HandleFollowsRotation {
  private final LoneEntry held = LoneEntry.held();
  private final SecretHandle handle = held.handle();
  private final Runnable refresh;

  /** Begins a refresh after a rotation. */
  public HandleFollowsRotation() {
    held.backend = 2;
    refresh = held.refresh();
  }

  /** Looks until the version changes; no hint to the processor, which would hide a plain field. */
  @Actor
  public void looks() {
    while (handle.get().version().charAt(0) == '1') {
      // and looks again
    }
  }

  /** The refresh lands. */
  @Signal
  public void lands() {
    refresh.run();
  }
}
