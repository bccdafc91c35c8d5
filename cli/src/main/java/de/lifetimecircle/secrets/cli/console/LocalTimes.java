package de.lifetimecircle.secrets.cli.console;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Shows times to a person: to the minute, in the time zone of the machine. Programs get UTC, with
 * {@code --json}. Immutable.
 *
 * @param zone the time zone
 */
public record LocalTimes(ZoneId zone) {
  private static final Pattern TIME =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,9})?)?(Z|[+-]\\d\\d:\\d\\d)");

  /** Returns the times in the zone that {@code TZ} names, or else in that of the machine. */
  static LocalTimes of(Map<String, String> environment) {
    String named = environment.getOrDefault("TZ", "");
    try {
      return new LocalTimes(named.isEmpty() ? ZoneId.systemDefault() : ZoneId.of(named));
    } catch (DateTimeException e) {
      return new LocalTimes(ZoneId.systemDefault()); // the JDK reads the other forms of TZ
    }
  }

  /** Returns a time as {@code 2026-03-01 09:30}. */
  public String text(Instant at) {
    return LocalDateTime.ofInstant(at, zone)
        .truncatedTo(ChronoUnit.MINUTES)
        .toString()
        .replace('T', ' ');
  }

  /** Returns a text with every time of ISO 8601 in it as a local one. */
  public String within(String text) {
    return TIME.matcher(text).replaceAll(found -> Matcher.quoteReplacement(local(found.group())));
  }

  private String local(String time) {
    try {
      return text(OffsetDateTime.parse(time).toInstant());
    } catch (DateTimeException e) {
      return time; // only looks like a time
    }
  }
}
