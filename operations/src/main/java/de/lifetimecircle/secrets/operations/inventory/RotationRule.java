package de.lifetimecircle.secrets.operations.inventory;

import java.time.Duration;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The schedule of a secret's rotations. Immutable.
 *
 * @param every the greatest age, if it has one
 * @param on the days of the year on which it rotates, in the order of the year
 * @param grace how long the old value stays valid beside the new one
 * @param alternate the users that take turns, if there are any
 */
public record RotationRule(
    @Nullable Period every, List<MonthDay> on, Duration grace, @Nullable Alternate alternate) {
  /** The grace if the inventory does not set one. */
  public static final Duration USUAL_GRACE = Duration.ofHours(24);

  /**
   * Users that take turns: each rotation sets a new password for the next user and puts that user
   * into service, so that the previous user keeps its password until the grace ends. Immutable.
   *
   * @param user the secret that names the user in service
   * @param users all users, at least two
   */
  public record Alternate(String user, List<String> users) {
    /** Copies the list. */
    public Alternate {
      users = List.copyOf(users);
    }
  }

  /** Returns the time of a text such as {@code 3 months}, whose form the schema has. */
  static Period period(String every) {
    return Period.parse("P" + every.replaceFirst(" (.).*", "$1"));
  }

  /** Returns the time of a text such as {@code 24 hours}, whose form the schema has. */
  static Duration duration(String grace) {
    String[] words = grace.split(" ", 2);
    String unit = words[1].replaceFirst("s?$", "s").toUpperCase(Locale.ROOT);
    return Duration.of(Long.parseLong(words[0]), ChronoUnit.valueOf(unit));
  }

  /**
   * Returns the due day of a value that was made on a day: the last of the set days within the
   * greatest age, so that the value is never older and rotations follow the calendar. If only one
   * of the two is set, it decides.
   */
  public LocalDate due(LocalDate made) {
    if (every == null) {
      return on.stream()
          .map(day -> next(day, made))
          .min(LocalDate::compareTo)
          .orElse(LocalDate.MAX);
    }
    LocalDate latest = made.plus(every);
    return on.stream()
        .map(day -> last(day, latest))
        .filter(day -> day.isAfter(made))
        .max(LocalDate::compareTo)
        .orElse(latest);
  }

  private static LocalDate next(MonthDay day, LocalDate after) {
    LocalDate sameYear = day.atYear(after.getYear());
    return sameYear.isAfter(after) ? sameYear : day.atYear(after.getYear() + 1);
  }

  private static LocalDate last(MonthDay day, LocalDate until) {
    LocalDate sameYear = day.atYear(until.getYear());
    return sameYear.isAfter(until) ? day.atYear(until.getYear() - 1) : sameYear;
  }

  /** Returns the schedule in words, for documents. */
  @Override
  public String toString() {
    String age = every == null ? "" : "every " + words(every);
    String days = String.join(", ", on.stream().map(day -> day.toString().substring(2)).toList());
    return age
        + (age.isEmpty() || days.isEmpty() ? "" : ", ")
        + (days.isEmpty() ? "" : "on " + days);
  }

  private static String words(Period period) {
    if (period.getYears() > 0) {
      return period.getYears() == 1 ? "year" : period.getYears() + " years";
    }
    if (period.getMonths() > 0) {
      return period.getMonths() == 1 ? "month" : period.getMonths() + " months";
    }
    return period.getDays() == 1 ? "day" : period.getDays() + " days";
  }
}
