package de.lifetimecircle.secrets.gpg;

import java.time.Duration;

/** Until when a call may take; immutable. */
final class Deadline {
  private final long end;

  private Deadline(long end) {
    this.end = end;
  }

  static Deadline after(Duration timeout) {
    long nanos =
        timeout.compareTo(Duration.ofDays(365)) > 0 ? Long.MAX_VALUE / 4 : timeout.toNanos();
    return new Deadline(System.nanoTime() + nanos);
  }

  /** Nanoseconds that are left; 0 when it has passed. */
  long left() {
    return Math.max(0, end - System.nanoTime());
  }

  boolean passed() {
    return left() == 0;
  }
}
