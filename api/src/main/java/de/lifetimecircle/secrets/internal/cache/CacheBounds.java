package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.internal.config.CachePolicy;
import de.lifetimecircle.secrets.internal.metrics.EngineMetrics;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the cached answers and, when they exceed the limits, drops those that were not read
 * lately.
 *
 * <p>The order of eviction is that of a clock with second chance: a hand goes round the entries;
 * one that was read since the hand came by is spared once, because a reader raised its {@code
 * touched}. So a read costs no more than it does without bounds, where an order of last use would
 * be a shared list that every read writes. Entries that a handle or a listener watches are never
 * dropped; when they alone are over the bound, it is exceeded.
 *
 * <p>Remembered failures are not counted, because each cost a call and lives for the negative age
 * only. With a long negative age they can take much heap beyond the limits.
 *
 * <p>Safe for use by several threads; one of them at a time makes room, the others go on.
 */
final class CacheBounds {
  /**
   * The heap that an answer takes beside its value and the text of it: entry, secret, key and their
   * place in the map, with a name of 20 characters ({@code bench/run heap} measures it).
   */
  static final int OVERHEAD = 460;

  private final CachePolicy policy;
  private final Collection<Entry> entries;
  private final EngineMetrics metrics;
  private final AtomicInteger names = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicBoolean making = new AtomicBoolean();

  // Where the hand is, and how often it rests after it found nothing. Guarded by making.
  private Iterator<Entry> hand = Collections.emptyIterator();
  private int rest;

  CacheBounds(CachePolicy policy, Collection<Entry> entries, EngineMetrics metrics) {
    this.policy = policy;
    this.entries = entries;
    this.metrics = metrics;
  }

  int names() {
    return names.get();
  }

  long bytes() {
    return bytes.get();
  }

  void change(Collection<Secret> before, Collection<Secret> after) {
    names.addAndGet(Integer.signum(after.size()) - Integer.signum(before.size()));
    bytes.addAndGet(size(after) - size(before));
  }

  private static long size(Collection<Secret> secrets) {
    long bytes = 0;
    for (Secret secret : secrets) {
      bytes += secret.value().size();
    }
    return bytes;
  }

  /** Drops entries until the bounds are kept or two rounds found nothing to drop. */
  void make() {
    if (!isTooMuch() || !making.compareAndSet(false, true)) {
      return;
    }
    try {
      if (rest > 0) {
        rest--;
        return;
      }
      int roundsLeft = 3;
      while (isTooMuch() && roundsLeft > 0) {
        if (hand.hasNext()) {
          hand.next().each(this::evict);
        } else {
          hand = entries.iterator();
          roundsLeft--;
        }
      }
      // Only watched ones are left: going round for each of them again would cost the square.
      rest = isTooMuch() ? names.get() / 8 : 0;
    } finally {
      making.set(false);
    }
  }

  private void evict(Slot<?> slot) {
    if (isTooMuch() && slot.evict()) {
      metrics.evicted();
    }
  }

  private boolean isTooMuch() {
    return names.get() > policy.maxNames() || heap() > policy.maxBytes();
  }

  /** Returns an upper estimate of the answers' heap: each value may have its text beside it. */
  private long heap() {
    return 2 * bytes.get() + (long) names.get() * OVERHEAD;
  }
}
