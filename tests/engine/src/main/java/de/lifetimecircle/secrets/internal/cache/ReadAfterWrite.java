package de.lifetimecircle.secrets.internal.cache;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A writer reads back what it wrote, although an older load ends meanwhile. */
@JCStressTest
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "the written version")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "anything but the written version")
@State
public class ReadAfterWrite {
  private final LoneEntry cold = LoneEntry.cold();
  private final Runnable olderLoad;

  /** Begins the load, which reads version 1. */
  public ReadAfterWrite() {
    var unused = cold.read();
    olderLoad = cold.task();
  }

  /** The older load lands. */
  @Actor
  public void lands() {
    olderLoad.run();
  }

  /** A writer writes and reads at once. */
  @Actor
  public void writesAndReads(I_Result seen) {
    cold.write(2);
    var answer = cold.read();
    cold.land(answer);
    seen.r1 = LoneEntry.answered(answer);
  }
}
