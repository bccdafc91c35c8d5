package de.lifetimecircle.secrets.vault;

import java.time.Duration;

/** The end of one call, however many requests it takes. Immutable. */
final class Deadline {
  private final Duration total;
  private final long end;

  private Deadline(Duration total) {
    this.total = total;
    this.end = System.nanoTime() + total.toNanos();
  }

  static Deadline in(Duration total) {
    return new Deadline(total);
  }

  Duration total() {
    return total;
  }

  /** Nanoseconds that are left; 0 when none are. */
  long left() {
    return Math.max(0, end - System.nanoTime());
  }
}
