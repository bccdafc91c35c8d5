package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretListener;
import de.lifetimecircle.secrets.SecretProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Watches names, and says when a group of changes has settled. The provider's thread only notes the
 * time of a change; whoever reacts does so on a thread of its own.
 *
 * <p>A reaction that fails, because the backend does not answer or a value breaks a rule, is due
 * again after a wait that doubles up to a minute. All fields are guarded by this object's monitor.
 */
final class ChangeWatch implements AutoCloseable {
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LONGEST_RETRY = Duration.ofMinutes(1);
  private static final long NEVER = Long.MAX_VALUE;

  private final SecretProvider provider;
  private final Collection<String> names;
  private final ReactionDelay timing;
  private final LongSupplier clock;
  private final List<SecretListener.Registration> registrations = new ArrayList<>();
  private long first = NEVER;
  private long due = NEVER;
  private Duration retry = FIRST_RETRY;

  /**
   * Watches these names.
   *
   * @param onChange called after each change, on a thread of the provider
   */
  ChangeWatch(
      SecretProvider provider, Collection<String> names, ReactionDelay timing, Runnable onChange) {
    this(provider, names, timing, onChange, System::nanoTime);
  }

  /**
   * Watches these names by another clock.
   *
   * @param clock nanoseconds, as of {@link System#nanoTime}
   */
  ChangeWatch(
      SecretProvider provider,
      Collection<String> names,
      ReactionDelay timing,
      Runnable onChange,
      LongSupplier clock) {
    this.provider = provider;
    this.names = List.copyOf(names);
    this.timing = timing;
    this.clock = clock;
    for (String name : this.names) {
      registrations.add(
          provider.onChange(
              name,
              event -> {
                noteChange();
                onChange.run();
              }));
    }
  }

  private synchronized void noteChange() {
    long now = clock.getAsLong();
    first = first == NEVER ? now : first;
    due = Math.min(now + timing.quiet().toNanos(), first + timing.longest().toNanos());
  }

  /** Returns how many nanoseconds remain until a reaction is due; a day if there is no change. */
  synchronized long remaining() {
    return due == NEVER ? Duration.ofDays(1).toNanos() : Math.max(0, due - clock.getAsLong());
  }

  /**
   * Returns whether a reaction is due. If it is, this has asked the backend for every name, so that
   * names that were rotated together are read together, however differently they are polled. The
   * versions that it finds become events as well; the reaction after that finds equal values and
   * does nothing.
   *
   * @throws SecretException if a name cannot be read; whoever reacts calls {@link #failed} then, as
   *     after any other failure
   */
  boolean takeDue() {
    synchronized (this) {
      if (due == NEVER || due > clock.getAsLong()) {
        return false;
      }
      due = NEVER;
      first = NEVER;
    }
    for (String name : names) {
      provider.get(name, Duration.ZERO);
    }
    return true;
  }

  /** Makes a reaction that could not be completed due again, later each time. */
  synchronized void failed() {
    due = clock.getAsLong() + retry.toNanos();
    first = due;
    Duration next = retry.multipliedBy(2);
    retry = next.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : next;
  }

  /** Ends the series of failures. */
  synchronized void succeeded() {
    retry = FIRST_RETRY;
  }

  @Override
  public void close() {
    registrations.forEach(SecretListener.Registration::close);
  }
}
