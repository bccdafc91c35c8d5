package de.lifetimecircle.secrets.internal.call;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Gives the first calls of a provider more time than {@code timeout}, as long as this process
 * computes.
 *
 * <p>{@code timeout} is for a backend that does not answer. The first calls also load and compile
 * the classes of the store, while the rest of the service starts: reading the first OpenPGP file
 * took 0.7 s beside the start of a Quarkus application on an idle core, and more than 10 s on one
 * that 20 busy processes shared. In a process that only waits for a silent backend, a call ends one
 * step late. In one that also serves other requests, it has all of this time, and then it was the
 * last one.
 *
 * <p>A call has this extra time if it began before the store had answered any call. Guarded by its
 * monitor, which {@link Deadlines} holds; but any thread may call {@link #over} and {@link
 * #latest}.
 */
final class ColdStart {
  /** The longest time of such a call, as a multiple of {@code timeout}. */
  static final int MOST = 6;

  /** The deadline is put off by this part of {@code timeout}, again and again. */
  private static final int STEPS = 5;

  /** But not by less: on a busy machine a process may get nothing for tenths of a second. */
  private static final long SHORTEST_STEP = 1_000_000_000L;

  /** A process on a core that 100 of them share gets this part of it; one that waits gets less. */
  private static final int LEAST_SHARE = 100;

  private final LongSupplier processorNanos;
  private final long timeout;
  private volatile boolean isOver;
  private boolean hasLooked;
  private long lookedAt;
  private long used;
  private boolean computes;

  /**
   * For one provider.
   *
   * @param processorNanos the processor time that this process has used
   * @param timeout the time of a call, in nanoseconds
   */
  ColdStart(LongSupplier processorNanos, long timeout) {
    this.processorNanos = processorNanos;
    this.timeout = timeout;
  }

  /** For a provider whose time is not that of the machine: no call gets more time. */
  static ColdStart none() {
    ColdStart none = new ColdStart(() -> 0, 0);
    none.over();
    return none;
  }

  /** The processor time of this process, as the system counts it; 0 where it does not. */
  static long processorNanos() {
    Optional<Duration> total = ProcessHandle.current().info().totalCpuDuration();
    return total.map(Duration::toNanos).orElse(0L);
  }

  /** The store has answered a call or failed by itself, or a call has had all of this time. */
  void over() {
    isOver = true;
  }

  /** Returns when a call with that deadline must end that begins now. */
  long latest(long deadline) {
    return isOver ? deadline : deadline + (MOST - 1) * timeout;
  }

  /**
   * Returns a later deadline for a call whose deadline has passed; the same if there is none.
   *
   * @param latest as {@link #latest} returned it for the call
   */
  long putOff(long deadline, long latest, long now) {
    return deadline < latest && computes(now) ? Math.min(latest, now + step()) : deadline;
  }

  private long step() {
    return Math.max(SHORTEST_STEP, timeout / STEPS);
  }

  /**
   * Whether the process has computed since the last look; yes at the first one. Looks that follow
   * each other closely, for calls that began together, are one: the system counts in hundredths of
   * a second.
   */
  private boolean computes(long now) {
    if (!hasLooked || now - lookedAt >= step() / 2) {
      long total = processorNanos.getAsLong();
      computes = !hasLooked || total - used >= Math.max(1, (now - lookedAt) / LEAST_SHARE);
      used = total;
      lookedAt = now;
      hasLooked = true;
    }
    return computes;
  }
}
