package de.lifetimecircle.secrets.vault;

import de.lifetimecircle.secrets.spi.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The metadata of a secret in the versioned engine, without its values. Immutable.
 *
 * @param current the number of the current version
 * @param newestFirst every version that the engine keeps, including deleted and destroyed ones
 * @param facts for people
 */
record VaultMetadata(long current, List<Version> newestFirst, Map<String, String> facts) {
  /** One delete marks its versions within microseconds; two deletes are further apart. */
  private static final Duration ONE_DELETE = Duration.ofMillis(100);

  /**
   * A version.
   *
   * @param number its number
   * @param created when it was written
   * @param deleted when it is or was deleted
   * @param isDestroyed whether its value is gone for good
   */
  record Version(long number, Instant created, Optional<Instant> deleted, boolean isDestroyed) {
    boolean isLive(InstantSource clock) {
      return !isDestroyed && !isDeleted(clock);
    }

    /** A time of deletion that lies ahead is that of {@code delete_version_after}. */
    boolean isDeleted(InstantSource clock) {
      return !isDestroyed && deleted.filter(at -> !at.isAfter(clock.instant())).isPresent();
    }
  }

  static VaultMetadata of(Map<?, ?> data) {
    List<Version> versions = new ArrayList<>();
    Json.object(data, "versions")
        .forEach(
            (number, facts) -> {
              if (facts instanceof Map<?, ?> map && String.valueOf(number).matches("[0-9]{1,9}")) {
                versions.add(version(Long.parseLong(String.valueOf(number)), map));
              }
            });
    versions.sort(Comparator.comparingLong(Version::number).reversed());
    long current = Json.number(data, "current_version");
    return new VaultMetadata(current, List.copyOf(versions), facts(data, current, versions.size()));
  }

  private static Version version(long number, Map<?, ?> facts) {
    return new Version(
        number,
        Json.time(facts, "created_time").orElse(Instant.EPOCH),
        Json.time(facts, "deletion_time"),
        Boolean.TRUE.equals(facts.get("destroyed")));
  }

  private static Map<String, String> facts(Map<?, ?> data, long current, int kept) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("version", String.valueOf(current));
    facts.put("versions kept", String.valueOf(kept));
    facts.put("created", Json.text(data, "created_time"));
    facts.put("updated", Json.text(data, "updated_time"));
    TreeSet<String> keys = new TreeSet<>();
    Json.object(data, "custom_metadata").keySet().forEach(key -> keys.add(String.valueOf(key)));
    if (!keys.isEmpty()) {
      facts.put("custom metadata", String.join(", ", keys));
    }
    return facts;
  }

  private Optional<Version> currentVersion() {
    return newestFirst.stream().filter(v -> v.number() == current).findFirst();
  }

  /** Whether the current version is deleted and can be brought back. */
  boolean isDeleted(InstantSource clock) {
    return currentVersion().filter(v -> v.isDeleted(clock)).isPresent();
  }

  /** Whether there is a current version with a value. */
  boolean isReadable(InstantSource clock) {
    return currentVersion().filter(v -> v.isLive(clock)).isPresent();
  }

  List<Long> liveNumbers(InstantSource clock) {
    return newestFirst.stream().filter(v -> v.isLive(clock)).map(Version::number).toList();
  }

  /**
   * The versions that were deleted together with the current one: those that somebody deleted
   * before stay deleted.
   */
  List<Long> deletedLast(InstantSource clock) {
    List<Version> deleted =
        newestFirst.stream()
            .filter(v -> v.isDeleted(clock))
            .sorted(Comparator.comparing(VaultMetadata::deletedAt).reversed())
            .toList();
    List<Long> numbers = new ArrayList<>();
    Instant last = currentVersion().map(VaultMetadata::deletedAt).orElse(Instant.EPOCH);
    for (Version version : deleted) {
      Instant at = deletedAt(version);
      if (Duration.between(at, last).abs().compareTo(ONE_DELETE) <= 0) {
        numbers.add(version.number());
        last = at;
      }
    }
    return numbers;
  }

  private static Instant deletedAt(Version version) {
    return version.deleted().orElse(Instant.EPOCH);
  }
}
