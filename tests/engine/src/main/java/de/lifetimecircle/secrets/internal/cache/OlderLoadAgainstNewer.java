package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.Secret;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A refresh overtakes an older load, whichever lands last; who waits for the older gets the newer.
 */
@JCStressTest
@Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "the newer for all")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "an older answer is served or handed out")
@State
public class OlderLoadAgainstNewer {
  private final LoneEntry cold = LoneEntry.cold();
  private final CompletableFuture<Secret> reader;
  private final Runnable older;
  private final Runnable newer;

  /** Begins both, with a rotation between them. */
  public OlderLoadAgainstNewer() {
    reader = Objects.requireNonNull(cold.read());
    older = cold.task();
    cold.backend = 2;
    newer = cold.refresh();
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

  /** Records what the entry serves after both, and what the reader got. */
  @Arbiter
  public void after(II_Result seen) {
    seen.r1 = cold.served();
    seen.r2 = LoneEntry.answered(reader);
  }
}
