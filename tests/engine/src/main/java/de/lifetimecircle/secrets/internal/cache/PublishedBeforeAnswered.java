package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.Secret;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A reader that got an answer finds it served, so that its next read is a cache hit. */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "not landed yet")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "published, not answered yet")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "answered and published")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "answered, but a next read would load again")
@State
public class PublishedBeforeAnswered {
  private final LoneEntry cold = LoneEntry.cold();
  private final CompletableFuture<Secret> answer;
  private final Runnable load;

  /** Begins the load. */
  public PublishedBeforeAnswered() {
    answer = Objects.requireNonNull(cold.read());
    load = cold.task();
  }

  /** The load lands. */
  @Actor
  public void lands() {
    load.run();
  }

  /** The waiting reader reads first the answer, then the served version. */
  @Actor
  public void waits(II_Result seen) {
    seen.r1 = LoneEntry.answered(answer);
    seen.r2 = cold.served();
  }
}
