package de.lifetimecircle.secrets;

import java.time.Duration;

/** The ages and limits of the cache. */
final class Policy {
  /** How long an answer is fresh. */
  final Duration softAge;

  /** How long an answer is served at all; at least the soft age. */
  final Duration maxStale;

  /** How long a miss or a failure is remembered. */
  final Duration negativeAge;

  /** How long one call may take, retries included. */
  final Duration timeout;

  /** How often a read is tried again after a retryable failure. */
  final int retries;

  /** The share of the soft age by which a refresh comes earlier at most; 0 to 0.5. */
  final double jitter;

  /** How long a name that nobody reads is kept fresh. */
  final Duration idle;

  /** How many answers are held at most. */
  final int maxNames;

  /** How many bytes of values are held at most. */
  final long maxBytes;

  Policy(
      Duration softAge,
      Duration maxStale,
      Duration negativeAge,
      Duration timeout,
      int retries,
      double jitter,
      Duration idle,
      int maxNames,
      long maxBytes) {
    this.softAge = softAge;
    this.maxStale = maxStale;
    this.negativeAge = negativeAge;
    this.timeout = timeout;
    this.retries = retries;
    this.jitter = jitter;
    this.idle = idle;
    this.maxNames = maxNames;
    this.maxBytes = maxBytes;
  }

  /** The first wait after a failed refresh; doubled for each further one. */
  static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);

  /** The longest wait between two tries while a backend is down. */
  static final Duration LONGEST_BACKOFF = Duration.ofMinutes(1);

  /** The wait after that many failures in a row, before jitter. */
  static Duration backoff(int failures) {
    int doublings = Math.min(Math.max(failures - 1, 0), 16);
    Duration wait = FIRST_BACKOFF.multipliedBy(1L << doublings);
    return wait.compareTo(LONGEST_BACKOFF) < 0 ? wait : LONGEST_BACKOFF;
  }
}
