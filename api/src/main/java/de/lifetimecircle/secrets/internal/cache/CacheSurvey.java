package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.internal.metrics.CacheStats;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Goes over everything that the cache holds, for its figures. */
final class CacheSurvey {
  private CacheSurvey() {}

  /** Takes a snapshot; each entry's monitor is entered for a moment. */
  static CacheStats of(Cache cache) {
    Timestamp now = cache.parts.now();
    Instant time = cache.parts.time().instant();
    Oldest oldest = new Oldest(now);
    int stale = 0;
    Duration oldestStale = null;
    Duration oldestVersion = null;
    for (Entry entry : cache.entries.values()) {
      entry.each(oldest);
      Duration age = age(entry.askedIfOutageServes(), now);
      stale += age == null ? 0 : 1;
      oldestStale = older(oldestStale, age);
      oldestVersion = older(oldestVersion, versionAge(entry.heldNow(), time));
    }
    return new CacheStats(
        cache.bounds.names(),
        cache.bounds.bytes(),
        Optional.ofNullable(oldest.age),
        stale,
        Optional.ofNullable(oldestStale),
        Optional.ofNullable(oldestVersion));
  }

  /** The age of the oldest answer in all slots. */
  private static final class Oldest implements Consumer<Slot<?>> {
    private final Timestamp now;
    private @Nullable Duration age;

    Oldest(Timestamp now) {
      this.now = now;
    }

    @Override
    public void accept(Slot<?> slot) {
      age = older(age, CacheSurvey.age(slot.askedNow(), now));
    }
  }

  private static @Nullable Duration age(@Nullable Timestamp asked, Timestamp now) {
    return asked == null ? null : Duration.ofNanos(asked.until(now));
  }

  /** Null if nothing is held or the backend does not say when it made the version. */
  private static @Nullable Duration versionAge(@Nullable Secret held, Instant now) {
    if (held == null || held.created().isEmpty()) {
      return null;
    }
    Duration age = Duration.between(held.created().get(), now);
    return age.isNegative() ? Duration.ZERO : age; // the backend's clock may be ahead
  }

  private static @Nullable Duration older(@Nullable Duration one, @Nullable Duration other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.compareTo(other) >= 0 ? one : other;
  }
}
