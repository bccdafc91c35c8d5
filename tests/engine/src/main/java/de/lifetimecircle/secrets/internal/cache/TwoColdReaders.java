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
import org.openjdk.jcstress.infra.results.III_Result;

/** Two readers of a cold name begin one load and both get its answer. */
@JCStressTest
@Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "one load, two answers")
@Outcome(
    id = ".*",
    expect = Expect.FORBIDDEN,
    desc = "a second load, or a reader without an answer")
@State
public class TwoColdReaders {
  private final LoneEntry cold = LoneEntry.cold();
  private @Nullable CompletableFuture<Secret> first;
  private @Nullable CompletableFuture<Secret> second;

  /** One reader. */
  @Actor
  public void reads() {
    first = cold.read();
  }

  /** The other. */
  @Actor
  public void readsToo() {
    second = cold.read();
  }

  /** Records the number of loads, and the answer of each reader after the first load has ended. */
  @Arbiter
  public void after(III_Result seen) {
    cold.land();
    seen.r1 = cold.loads.get();
    seen.r2 = LoneEntry.answered(first);
    seen.r3 = LoneEntry.answered(second);
  }
}
