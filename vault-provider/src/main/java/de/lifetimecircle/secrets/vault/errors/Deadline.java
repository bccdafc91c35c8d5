package de.lifetimecircle.secrets.vault.errors;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.time.Duration;

/** The end of one call, or of one request of a list. Immutable. */
public final class Deadline {
  private final Duration total;
  private final long end;

  private Deadline(Duration total) {
    this.total = total;
    this.end = System.nanoTime() + total.toNanos();
  }

  /** Returns the deadline that ends after this time from now. */
  public static Deadline in(Duration total) {
    return new Deadline(total);
  }

  /** The same time, beginning now. */
  public Deadline again() {
    return new Deadline(total);
  }

  /** Nanoseconds that are left; 0 when none are. */
  public long left() {
    return Math.max(0, end - System.nanoTime());
  }

  /** The failure of a call that had no answer by then. */
  public StoreFailure late() {
    return StoreFailure.of(
        Kind.TIMEOUT,
        "no answer within " + total.toMillis() + " ms",
        "Check that the server is up, or raise 'timeout'");
  }
}
