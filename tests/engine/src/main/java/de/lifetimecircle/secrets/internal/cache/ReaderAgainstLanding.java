package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.Secret;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A reader that comes while a load lands gets its answer and begins no second load. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "one load, and its answer")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "a second load, or no answer")
@State
public class ReaderAgainstLanding {
  private final LoneEntry cold = LoneEntry.cold();
  private final Runnable load;
  private @Nullable CompletableFuture<Secret> answer;

  /** Begins the load. */
  public ReaderAgainstLanding() {
    var unused = cold.read();
    load = cold.task();
  }

  /** The load lands. */
  @Actor
  public void lands() {
    load.run();
  }

  /** A reader reads. */
  @Actor
  public void reads() {
    answer = cold.read();
  }

  /** Records the number of loads and the reader's answer. */
  @Arbiter
  public void after(II_Result seen) {
    seen.r1 = cold.loads.get();
    seen.r2 = LoneEntry.answered(answer);
  }
}
