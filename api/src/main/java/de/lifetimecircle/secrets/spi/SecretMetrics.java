package de.lifetimecircle.secrets.spi;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretStats;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Passes a provider's figures on to a system for metrics. Every method has a default that does
 * nothing.
 *
 * <p>Called by many threads; must not block, because a read or a load waits for it. The provider
 * counts its exceptions and otherwise ignores them. No argument contains a value or anything
 * derived from one.
 */
public interface SecretMetrics {

  /**
   * Whether {@link #read} is called for reads that the cache answers too. Asked once. Such a read
   * takes some nanoseconds, so that a call more is felt.
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

  /** A read was answered. */
  default void read(Secret.Origin origin) {}

  /**
   * A load ended.
   *
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
