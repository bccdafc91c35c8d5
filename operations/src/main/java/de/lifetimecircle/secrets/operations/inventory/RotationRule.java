package de.lifetimecircle.secrets.operations.inventory;

import java.time.Duration;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.Period;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  static final Pattern EVERY = Pattern.compile("[1-9][0-9]{0,2} (day|week|month|year)s?");
  static final Pattern GRACE = Pattern.compile("[1-9][0-9]{0,3} (minute|hour|day)s?");
  static final Pattern DAY = Pattern.compile("(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])");

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

  static Period period(String every) {
    Matcher words = matched(EVERY, every);
    int count = Integer.parseInt(every.substring(0, every.indexOf(' ')));
    return switch (words.group(1)) {
      case "day" -> Period.ofDays(count);
      case "week" -> Period.ofWeeks(count);
      case "month" -> Period.ofMonths(count);
      default -> Period.ofYears(count);
    };
  }

  static Duration duration(String grace) {
    Matcher words = matched(GRACE, grace);
    int count = Integer.parseInt(grace.substring(0, grace.indexOf(' ')));
    return switch (words.group(1)) {
      case "minute" -> Duration.ofMinutes(count);
      case "hour" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  private static Matcher matched(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("expected: " + pattern);
    }
    return matcher;
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
