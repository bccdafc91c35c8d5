package de.lifetimecircle.secrets.spi;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretStats;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Passes a provider's figures on to a system for metrics. Every method has a default that does
 * nothing.
 *
 * <pre>{@code
 * LongAdder failures = new LongAdder();
 * SecretMetrics metrics =
 *     new SecretMetrics() {
 *       @Override
 *       public void loaded(
 *           String name,
 *           SecretMetrics.Purpose purpose,
 *           Duration took,
 *           Optional<SecretException.Kind> failure) {
 *         failure.ifPresent(kind -> failures.increment());
 *       }
 *     };
 * SecretProvider secrets = SecretProvider.builder().metrics(metrics).build();
 * }</pre>
 *
 * <p>Called by many threads; must not block, because a read or a load waits for it. The provider
 * counts its exceptions and otherwise ignores them. No argument contains a value or anything
 * derived from one.
 */
public interface SecretMetrics {

  /**
   * Tells whether {@link #read} is also called for reads that the cache answers. Asked once. Cached
   * reads take nanoseconds; counting them is measurable.
   *
   * @return false unless overridden: reads of origin {@code CACHE} and {@code STALE} are left out
   */
  default boolean wantsCachedReads() {
    return false;
  }

  /**
   * The provider is open.
   *
   * @param stats a snapshot whenever it is asked for, for gauges (ages, names, bytes, cost); takes
   *     time that grows with the number of names
   */
  default void opened(Supplier<SecretStats> stats) {}

  /**
   * The provider is open. Unless overridden, calls {@link #opened(Supplier)}.
   *
   * @param scheme the word for its backend, such as {@code vault}
   * @param stats as for {@link #opened(Supplier)}
   */
  default void opened(String scheme, Supplier<SecretStats> stats) {
    opened(stats);
  }

  /**
   * A read was answered.
   *
   * @param origin where the answer came from; {@code CACHE} and {@code STALE} only with {@link
   *     #wantsCachedReads}
   */
  default void read(Secret.Origin origin) {}

  /**
   * A load begins. Called on the thread that asks for it, which for {@code READ} is the first
   * reader that waits, so that the context of this reader, such as the current span, can be read.
   * Where a reader asks for a younger answer than a running load brings, the load after it begins
   * on a thread of the provider.
   *
   * @param name the name without the setting {@code prefix}
   * @param purpose whether a reader waits for the load
   * @return receives the end of this load, before {@link #loaded} and on any thread: the failure;
   *     empty for a success
   */
  default Consumer<Optional<SecretException.Kind>> loading(String name, Purpose purpose) {
    return end -> {};
  }

  /**
   * A load ended.
   *
   * @param name the name without the setting {@code prefix}
   * @param purpose as {@link #loading} had it
   * @param took the time from its beginning to its end, retries included
   * @param failure its failure; empty for a success
   */
  default void loaded(
      String name, Purpose purpose, Duration took, Optional<SecretException.Kind> failure) {}

  /** The provider is closed; no call comes any more. */
  default void closed() {}

  /** The purpose of a load. */
  enum Purpose {
    /** A reader waits for it. */
    READ,
    /** The cache keeps a held answer fresh. */
    REFRESH
  }
}
