package de.lifetimecircle.secrets.operations.inventory;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The expected readers, hours and addresses from the inventory's section {@code audit}. An empty
 * part has no rule, so nothing is compared with it. Immutable.
 *
 * @param hours the working hours of the team; empty for the whole day
 * @param days its working days; empty for all
 * @param holidays its holidays
 * @param addresses the addresses of readers
 * @param hosts the names of readers' machines; {@code *} matches any letters
 * @param principals the readers by role; {@code *} matches any letters
 * @param reason whether a command that shows or changes a value needs {@code --reason}
 */
public record AuditRules(
    Optional<Hours> hours,
    Set<DayOfWeek> days,
    Set<LocalDate> holidays,
    List<NetworkRange> addresses,
    List<String> hosts,
    Map<Role, List<String>> principals,
    Reason reason) {
  /** No rules. */
  public static final AuditRules NONE =
      new AuditRules(
          Optional.empty(), Set.of(), Set.of(), List.of(), List.of(), Map.of(), Reason.OPTIONAL);

  /** Copies the collections. */
  public AuditRules {
    days = Set.copyOf(days);
    holidays = Set.copyOf(holidays);
    addresses = List.copyOf(addresses);
    hosts = List.copyOf(hosts);
    principals = Map.copyOf(principals);
  }

  /**
   * The working hours of a day.
   *
   * @param from the first moment
   * @param to the first moment after; midnight is the end of the day
   */
  public record Hours(LocalTime from, LocalTime to) {
    boolean contains(LocalTime time) {
      return !time.isBefore(from) && (to.equals(LocalTime.MIDNIGHT) || time.isBefore(to));
    }
  }

  /** Whether people must say why they do something. */
  public enum Reason {
    /** They may. */
    OPTIONAL,
    /** Coding agents must. */
    AGENTS,
    /** They must. */
    REQUIRED
  }

  /** The role of a reader. */
  public enum Role {
    /** A service; it may read at any time. */
    SERVICE,
    /** A deployment; it reads while it runs. */
    CI,
    /** A program that rotates, in working hours or during a deployment. */
    ROTATOR,
    /** A person. */
    PEOPLE
  }

  /** Returns whether the working hours are known. */
  public boolean knowsHours() {
    return hours.isPresent() || !days.isEmpty() || !holidays.isEmpty();
  }

  /** Returns whether a time, in the team's zone, is in working hours. */
  public boolean isWorkingTime(ZonedDateTime time) {
    return hours.map(h -> h.contains(time.toLocalTime())).orElse(true)
        && (days.isEmpty() || days.contains(time.getDayOfWeek()))
        && !holidays.contains(time.toLocalDate());
  }

  /** Returns the role of a principal; empty if no pattern matches it. */
  public Optional<Role> role(String principal) {
    return Arrays.stream(Role.values())
        .filter(
            role ->
                principals.getOrDefault(role, List.of()).stream()
                    .anyMatch(pattern -> matches(pattern, principal)))
        .findFirst();
  }

  /**
   * Returns whether the inventory expects requests from an address or from a machine's name; true
   * if it has no rule of that kind.
   */
  public boolean isKnownPlace(String place) {
    if (NetworkRange.isAddress(place)) {
      return addresses.isEmpty() || addresses.stream().anyMatch(range -> range.contains(place));
    }
    return hosts.isEmpty() || hosts.stream().anyMatch(pattern -> matches(pattern, place));
  }

  /** Returns whether a text matches a pattern, in which {@code *} matches any letters. */
  static boolean matches(String pattern, String text) {
    return Pattern.compile(regex(pattern), Pattern.DOTALL).matcher(text).matches();
  }

  /** Returns a regular expression for a pattern. */
  public static String regex(String pattern) {
    return Arrays.stream(pattern.split("\\*", -1))
        .map(part -> part.replaceAll("[^A-Za-z0-9_/:-]", "\\\\$0"))
        .collect(Collectors.joining(".*"));
  }
}
