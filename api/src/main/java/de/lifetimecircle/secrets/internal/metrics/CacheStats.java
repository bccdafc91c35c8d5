package de.lifetimecircle.secrets.internal.metrics;

import de.lifetimecircle.secrets.SecretStats;
import java.time.Duration;
import java.util.Optional;

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
public record CacheStats(
    int names,
    long bytes,
    Optional<Duration> oldest,
    int stale,
    Optional<Duration> oldestStale,
    Optional<Duration> oldestVersion) {}
