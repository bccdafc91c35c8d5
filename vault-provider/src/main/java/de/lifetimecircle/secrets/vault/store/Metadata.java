package de.lifetimecircle.secrets.vault.store;

import de.lifetimecircle.secrets.spi.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The metadata of a secret in the versioned engine, without its values. Immutable.
 *
 * @param now the time of the answer by the server's clock, which set the times in it
 * @param current the number of the current version
 * @param newestFirst every version that the engine keeps, including deleted and destroyed ones
 * @param settings how the engine treats versions, where it is set for this secret
 * @param lifetime how long the engine keeps a version that is written now; zero if without an end
 * @param facts for people
 */
record Metadata(
    Instant now,
    long current,
    List<Version> newestFirst,
    Map<String, Object> settings,
    Duration lifetime,
    Map<String, String> facts) {
  private static final String LIFETIME = "delete_version_after";
  private static final Pattern GO_DURATION =
      Pattern.compile("(?:([0-9]{1,9})h)?(?:([0-9]{1,9})m)?(?:([0-9]{1,9})(?:[.][0-9]+)?s)?");

  /** What the time of an answer lacks: it has whole seconds. */
  private static final Duration WHOLE_SECONDS = Duration.ofSeconds(1);

  /** One delete marks its versions within microseconds; two deletes are further apart. */
  private static final Duration ONE_DELETE = Duration.ofMillis(100);

  /**
   * A version.
   *
   * @param number its number
   * @param created when it was written
   * @param deleted when it is or was deleted, or when it ends
   * @param isDestroyed whether its value is gone for good
   */
  record Version(long number, Instant created, Optional<Instant> deleted, boolean isDestroyed) {
    /** Whether it can be read. */
    boolean isLive(Instant now) {
      return !isDestroyed && !isDeleted(now) && !isExpired(now);
    }

    /**
     * Whether it was deleted. A time ahead is the end that the server gives a version when it is
     * undeleted: its lifetime from then on.
     */
    boolean isDeleted(Instant now) {
      return !isDestroyed && !hasLifetime() && isOver(now);
    }

    /** Whether its time is over that {@code delete_version_after} gave it. */
    boolean isExpired(Instant now) {
      return !isDestroyed && hasLifetime() && isOver(now);
    }

    private boolean isOver(Instant now) {
      Instant latest = now.plus(WHOLE_SECONDS);
      return deleted.filter(at -> !at.isAfter(latest)).isPresent();
    }

    /**
     * Whether the server set the time of deletion when it wrote the version: whole seconds later,
     * to the nanosecond, because {@code delete_version_after} is in seconds. A delete overwrites
     * that time with its own. Where a server gives times in whole seconds, nothing tells the two
     * apart, and it counts as deleted.
     */
    boolean hasLifetime() {
      Duration lifetime = Duration.between(created, deleted.orElse(created));
      return !created.equals(created.truncatedTo(ChronoUnit.SECONDS))
          && !lifetime.isNegative()
          && !lifetime.isZero()
          && lifetime.equals(lifetime.truncatedTo(ChronoUnit.SECONDS));
    }
  }

  static Metadata of(Map<?, ?> data, Instant now) {
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
    Map<String, String> facts = facts(data, current, versions.size());
    Metadata metadata =
        new Metadata(
            now,
            current,
            List.copyOf(versions),
            settings(data),
            shorter(Json.text(data, LIFETIME), ""),
            facts);
    metadata
        .currentVersion()
        .filter(version -> !version.isDeleted(now))
        .flatMap(Version::deleted)
        .ifPresent(end -> facts.put("expires", end.toString()));
    return metadata;
  }

  /** Returns the settings that are not those of the mount. */
  private static Map<String, Object> settings(Map<?, ?> data) {
    Map<String, Object> settings = new LinkedHashMap<>();
    String lifetime = Json.text(data, LIFETIME);
    if (!lifetime.isEmpty() && !lifetime.equals("0s")) {
      settings.put(LIFETIME, lifetime);
    }
    if (Json.number(data, "max_versions") > 0) {
      settings.put("max_versions", Json.number(data, "max_versions"));
    }
    if (Boolean.TRUE.equals(data.get("cas_required"))) {
      settings.put("cas_required", true);
    }
    return settings;
  }

  /** Returns the same metadata on a mount with that {@code delete_version_after}. */
  Metadata onMount(String setting) {
    Duration ofBoth = shorter(String.valueOf(settings.get(LIFETIME)), setting);
    return new Metadata(now, current, newestFirst, settings, ofBoth, facts);
  }

  /** Returns the lifetime by two settings, of which a negative one switches both off. */
  private static Duration shorter(String one, String other) {
    if (one.startsWith("-") || other.startsWith("-")) {
      return Duration.ZERO;
    }
    return Stream.of(lifetime(one), lifetime(other))
        .filter(each -> !each.isZero())
        .min(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  /**
   * Reads a duration as the server writes it, such as {@code 768h0m0s}; zero for any other text.
   */
  private static Duration lifetime(String text) {
    Matcher parts = GO_DURATION.matcher(text);
    if (!parts.matches()) {
      return Duration.ZERO;
    }
    return Duration.ofHours(number(parts, 1))
        .plusMinutes(number(parts, 2))
        .plusSeconds(number(parts, 3));
  }

  private static long number(Matcher parts, int group) {
    return parts.group(group) == null ? 0 : Long.parseLong(parts.group(group));
  }

  /** Reads the facts of a version. */
  static Version version(long number, Map<?, ?> facts) {
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

  /** Whether the current version was deleted. */
  boolean isDeleted() {
    return currentVersion().filter(version -> version.isDeleted(now)).isPresent();
  }

  /**
   * Whether the time of the current version is over that {@code delete_version_after} gives it: the
   * server's mark, or the lifetime by today's settings, because a delete overwrites the mark.
   */
  boolean isExpired() {
    return currentVersion().filter(v -> v.isExpired(now) || isOverdue(v)).isPresent();
  }

  private boolean isOverdue(Version version) {
    return !lifetime.isZero()
        && version.isDeleted(now)
        && !version.created().plus(lifetime).isAfter(now.plus(WHOLE_SECONDS));
  }

  /** Whether there is a current version with a value. */
  boolean isReadable() {
    return currentVersion().filter(v -> v.isLive(now)).isPresent();
  }

  List<Long> liveNumbers() {
    return newestFirst.stream().filter(v -> v.isLive(now)).map(Version::number).toList();
  }

  /**
   * The versions that were deleted together with the current one: those that a writer deleted
   * before stay deleted, and those whose time is over meanwhile.
   */
  List<Long> deletedLast() {
    List<Version> deleted =
        newestFirst.stream()
            .filter(version -> version.isDeleted(now))
            .sorted(Comparator.comparing(Metadata::deletedAt).reversed())
            .toList();
    List<Long> numbers = new ArrayList<>();
    Instant last = currentVersion().map(Metadata::deletedAt).orElse(Instant.EPOCH);
    for (Version version : deleted) {
      Instant at = deletedAt(version);
      if (Duration.between(at, last).abs().compareTo(ONE_DELETE) <= 0) {
        if (!isOverdue(version)) {
          numbers.add(version.number());
        }
        last = at;
      }
    }
    return numbers;
  }

  private static Instant deletedAt(Version version) {
    return version.deleted().orElse(Instant.EPOCH);
  }
}
