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
 * Who reads secrets, when and from where, as the inventory's section {@code audit} says. A part
 * that is empty says nothing, and nothing is compared with it. Immutable.
 *
 * @param hours when the team works; empty for the whole day
 * @param days on which days it works; empty for all
 * @param holidays on which it does not
 * @param addresses from where secrets are asked for
 * @param hosts machines, by name; a {@code *} stands for any letters
 * @param principals the readers by what they are, with {@code *} too
 */
public record AuditRules(
    Optional<Hours> hours,
    Set<DayOfWeek> days,
    Set<LocalDate> holidays,
    List<NetworkRange> addresses,
    List<String> hosts,
    Map<Role, List<String>> principals) {
  /** The rules that say nothing. */
  public static final AuditRules NONE =
      new AuditRules(Optional.empty(), Set.of(), Set.of(), List.of(), List.of(), Map.of());

  /** Keeps copies. */
  public AuditRules {
    days = Set.copyOf(days);
    holidays = Set.copyOf(holidays);
    addresses = List.copyOf(addresses);
    hosts = List.copyOf(hosts);
    principals = Map.copyOf(principals);
  }

  /**
   * The hours of a day in which a team works.
   *
   * @param from the first moment
   * @param to the first moment after; midnight is the end of the day
   */
  public record Hours(LocalTime from, LocalTime to) {
    boolean contains(LocalTime time) {
      return !time.isBefore(from) && (to.equals(LocalTime.MIDNIGHT) || time.isBefore(to));
    }
  }

  /** What a reader is. */
  public enum Role {
    /** A program that serves; it may read at any time. */
    SERVICE,
    /** A deployment; it reads while one runs. */
    CI,
    /** Who replaces values, while the team works or a deployment runs. */
    ROTATOR,
    /** A person. */
    PEOPLE
  }

  /** Whether working hours are known at all. */
  public boolean knowsHours() {
    return hours.isPresent() || !days.isEmpty() || !holidays.isEmpty();
  }

  /** Whether the team works then; the time is in its zone. */
  public boolean isWorkingTime(ZonedDateTime time) {
    return hours.map(h -> h.contains(time.toLocalTime())).orElse(true)
        && (days.isEmpty() || days.contains(time.getDayOfWeek()))
        && !holidays.contains(time.toLocalDate());
  }

  /** What a principal is; empty if none of the patterns is its. */
  public Optional<Role> role(String principal) {
    return Arrays.stream(Role.values())
        .filter(
            role ->
                principals.getOrDefault(role, List.of()).stream()
                    .anyMatch(pattern -> matches(pattern, principal)))
        .findFirst();
  }

  /**
   * Whether secrets are asked for from there: an address by the ranges, a machine's name by the
   * names; true where the inventory has none of that kind.
   */
  public boolean isKnownPlace(String place) {
    if (NetworkRange.isAddress(place)) {
      return addresses.isEmpty() || addresses.stream().anyMatch(range -> range.contains(place));
    }
    return hosts.isEmpty() || hosts.stream().anyMatch(pattern -> matches(pattern, place));
  }

  /** Whether a text has the form, in which {@code *} stands for any letters. */
  static boolean matches(String pattern, String text) {
    return Pattern.compile(regex(pattern), Pattern.DOTALL).matcher(text).matches();
  }

  /** A regular expression for the pattern. */
  public static String regex(String pattern) {
    return Arrays.stream(pattern.split("\\*", -1))
        .map(part -> part.replaceAll("[^A-Za-z0-9_/:-]", "\\\\$0"))
        .collect(Collectors.joining(".*"));
  }
}
