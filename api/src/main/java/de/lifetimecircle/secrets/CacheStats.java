package de.lifetimecircle.secrets;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The cache's part of {@link SecretStats}.
 *
 * @param names answers held
 * @param bytes bytes of the values held
 * @param oldest the age of the oldest answer held
 * @param stale names whose current version readers get past its age because loads fail
 * @param oldestStale the age of the oldest of these
 * @param oldestVersion how long ago the backend made the oldest of the current versions held
 */
record CacheStats(
    int names,
    long bytes,
    Optional<Duration> oldest,
    int stale,
    Optional<Duration> oldestStale,
    Optional<Duration> oldestVersion) {

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
  private static final class Oldest implements Entry.Work {
    private final Timestamp now;
    private @Nullable Duration age;

    Oldest(Timestamp now) {
      this.now = now;
    }

    @Override
    public void on(Slot<?> slot) {
      age = older(age, CacheStats.age(slot.askedNow(), now));
    }
  }

  private static @Nullable Duration age(@Nullable Timestamp asked, Timestamp now) {
    return asked == null ? null : Duration.ofNanos(asked.until(now));
  }

  /** Null if nothing is held or the backend does not say when it made the version. */
  private static @Nullable Duration versionAge(@Nullable Secret held, Instant now) {
    if (held == null || !VersionHistory.isKnown(held.createdOrEpoch())) {
      return null;
    }
    Duration age = Duration.between(held.createdOrEpoch(), now);
    return age.isNegative() ? Duration.ZERO : age; // the backend's clock may be ahead
  }

  private static @Nullable Duration older(@Nullable Duration one, @Nullable Duration other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.compareTo(other) >= 0 ? one : other;
  }
}
