package de.lifetimecircle.secrets.spi;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code Retry-After} of HTTP (RFC 9110): how long a server asks its clients to wait,
 * for {@link de.lifetimecircle.secrets.SecretException.Builder#retryAfter}. Here because every
 * backend that speaks HTTP needs it. Stateless.
 */
public final class RetryAfter {
  /** The longest time that is believed: a server that asks for more is not waited for anyhow. */
  public static final Duration LONGEST = Duration.ofHours(1);

  private static final DateTimeFormatter OLD =
      new DateTimeFormatterBuilder()
          .appendPattern("EEEE, dd-MMM-")
          .appendValueReduced(ChronoField.YEAR, 2, 2, LocalDate.EPOCH)
          .appendPattern(" HH:mm:ss 'GMT'")
          .toFormatter(Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /** Today's form, and the two old ones that a recipient still has to read. */
  private static final List<DateTimeFormatter> FORMS =
      List.of(
          DateTimeFormatter.RFC_1123_DATE_TIME,
          OLD,
          DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH)
              .withZone(ZoneOffset.UTC));

  private RetryAfter() {}

  /**
   * Reads it: a number of seconds, or a date. A date is compared with the time at the server, so
   * that the clock of this machine does not matter. Does not block, and fails for no text.
   *
   * @param header the value of {@code Retry-After}; null if the answer has none
   * @param date the value of the same answer's {@code Date}; null if it has none
   * @return how long to wait, from 1 s to {@link #LONGEST}; empty where nothing is asked, what is
   *     asked is over, or cannot be understood
   */
  public static Optional<Duration> parse(@Nullable String header, @Nullable String date) {
    if (header == null) {
      return Optional.empty();
    }
    String text = header.strip();
    Optional<Duration> asked = text.matches("[0-9]{1,18}") ? seconds(text) : until(text, date);
    return asked
        .filter(wait -> wait.compareTo(Duration.ZERO) > 0)
        .map(wait -> wait.compareTo(LONGEST) > 0 ? LONGEST : wait);
  }

  private static Optional<Duration> seconds(String text) {
    return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
  }

  private static Optional<Duration> until(String text, @Nullable String date) {
    Optional<Instant> end = time(text);
    Optional<Instant> now = date == null ? Optional.empty() : time(date.strip());
    return now.flatMap(from -> end.map(to -> Duration.between(from, to)));
  }

  private static Optional<Instant> time(String text) {
    for (DateTimeFormatter form : FORMS) {
      try {
        return Optional.of(Instant.from(form.parse(text)));
      } catch (DateTimeException e) {
        // Then it is of another form, or no date at all.
      }
    }
    return Optional.empty();
  }
}
