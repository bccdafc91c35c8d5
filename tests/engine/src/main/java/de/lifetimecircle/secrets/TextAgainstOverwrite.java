package de.lifetimecircle.secrets;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A value keeps no text beyond its bytes: a reader that decodes while it is overwritten. */
@JCStressTest
@Outcome(id = "1, -2", expect = Expect.ACCEPTABLE, desc = "decoded before")
@Outcome(id = "-2, -2", expect = Expect.ACCEPTABLE, desc = "refused")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "decoded in part, or kept")
@State
public class TextAgainstOverwrite {
  /** The result of a reader who got an exception. */
  private static final int REFUSED = -2;

  private static final String TEXT = "abcdefghabcdefghabcdefghabcdefgh";
  private final SecretValue value = SecretValue.of(TEXT).toShared();

  /** Its owner is done with it. */
  @Actor
  public void overwrites() {
    value.overwrite();
  }

  /** A reader decodes the text, which the value then keeps. */
  @Actor
  public void reads(II_Result seen) {
    seen.r1 = read();
  }

  /** No reader gets it afterwards. */
  @Arbiter
  public void after(II_Result seen) {
    seen.r2 = value.keepsText() ? 1 : read();
  }

  private int read() {
    try {
      return value.asString().equals(TEXT) ? 1 : 0;
    } catch (SecretException e) {
      return REFUSED;
    }
  }
}
