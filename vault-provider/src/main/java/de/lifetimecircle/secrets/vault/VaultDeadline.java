package de.lifetimecircle.secrets.vault;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.time.Duration;

/** The end of one call, or of one request of a list. Immutable. */
final class VaultDeadline {
  private final Duration total;
  private final long end;

  private VaultDeadline(Duration total) {
    this.total = total;
    this.end = System.nanoTime() + total.toNanos();
  }

  static VaultDeadline in(Duration total) {
    return new VaultDeadline(total);
  }

  /** The same time, beginning now. */
  VaultDeadline again() {
    return new VaultDeadline(total);
  }

  /** Nanoseconds that are left; 0 when none are. */
  long left() {
    return Math.max(0, end - System.nanoTime());
  }

  /** The failure of a call that had no answer by then. */
  StoreFailure late() {
    return StoreFailure.of(
        Kind.TIMEOUT,
        "no answer within " + total.toMillis() + " ms",
        "Check that the server is up, or raise 'timeout'");
  }
}
