package de.lifetimecircle.secrets.vault;

import java.time.Duration;

/** The end of one call, however many requests it takes. Immutable. */
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

  Duration total() {
    return total;
  }

  /** Nanoseconds that are left; 0 when none are. */
  long left() {
    return Math.max(0, end - System.nanoTime());
  }
}
