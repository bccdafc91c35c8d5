package de.lifetimecircle.secrets.remote;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
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

  private RetryAfter() {}

  /**
   * Reads it: a number of seconds, or a date. A date is compared with the time at the server, so
   * that the clock of this machine does not matter. Does not block, and fails for no text.
   *
   * @param header the value of {@code Retry-After}; null if the answer has none
   * @param date the value of the same answer's {@code Date}; null if it has none
   * @return how long to wait, from 1 s to {@link #LONGEST}; empty if the answer asks for no wait,
   *     its time has passed, or it is malformed
   */
  public static Optional<Duration> parse(@Nullable String header, @Nullable String date) {
    if (header == null) {
      return Optional.empty();
    }
    String text = header.strip();
    Duration asked =
        text.matches("[0-9]{1,18}") ? Duration.ofSeconds(Long.parseLong(text)) : until(text, date);
    if (asked.compareTo(Duration.ZERO) <= 0) {
      return Optional.empty();
    }
    return Optional.of(asked.compareTo(LONGEST) > 0 ? LONGEST : asked);
  }

  private static Duration until(String text, @Nullable String date) {
    Optional<Instant> end = time(text);
    Optional<Instant> now = date == null ? Optional.empty() : time(date);
    return end.isEmpty() || now.isEmpty() ? Duration.ZERO : Duration.between(now.get(), end.get());
  }

  /**
   * Reads a time of HTTP, in today's form or in one of the two old ones that a recipient still has
   * to read. Does not block, and fails for no text.
   *
   * @param header the value of a header such as {@code Date}
   * @return the time; empty if the text is not one
   */
  public static Optional<Instant> time(String header) {
    String text = header.strip();
    return time(text, DateTimeFormatter.RFC_1123_DATE_TIME).or(() -> time(text, OldForms.PARSER));
  }

  private static Optional<Instant> time(String text, DateTimeFormatter form) {
    try {
      return Optional.of(Instant.from(form.parse(text)));
    } catch (DateTimeException e) { // no time
      return Optional.empty();
    }
  }

  /** Apart, because nearly no process meets them, and the first secret must not wait for them. */
  private static final class OldForms {
    static final DateTimeFormatter PARSER =
        new DateTimeFormatterBuilder()
            .appendPattern("[EEE MMM ppd HH:mm:ss yyyy][EEEE, dd-MMM-")
            .appendValueReduced(ChronoField.YEAR, 2, 2, LocalDate.EPOCH)
            .appendPattern(" HH:mm:ss 'GMT']")
            .toFormatter(Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
  }
}
