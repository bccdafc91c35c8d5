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

/** Of two readers who wait for a cold name one makes the load, and both have its answer. */
@JCStressTest
@Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "one call of the store, two answers")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "two calls, or a reader without an answer")
@State
public class TwoTakers {
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

  /** The answers, and how often the store was asked. */
  @Arbiter
  public void after(III_Result seen) {
    cold.land();
    seen.r1 = LoneEntry.answered(first);
    seen.r2 = LoneEntry.answered(second);
    seen.r3 = cold.asked.get();
  }
}
