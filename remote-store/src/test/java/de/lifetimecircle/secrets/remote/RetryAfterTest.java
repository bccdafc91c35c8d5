package de.lifetimecircle.secrets.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static final String NOON = "Sun, 06 Nov 1994 12:00:00 GMT";

  @ParameterizedTest
  @CsvSource({"7, 7", "' 7 ', 7", "3600, 3600", "3601, 3600", "999999999999999999, 3600"})
  void secondsAreTakenUpToAnHour(String header, long seconds) {
    assertThat(RetryAfter.parse(header, null)).contains(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sun, 06 Nov 1994 12:01:30 GMT",
        "Sunday, 06-Nov-94 12:01:30 GMT",
        "Sun Nov  6 12:01:30 1994"
      })
  void dateOfAnyFormIsComparedWithTheServersOwnTime(String header) {
    assertThat(RetryAfter.parse(header, NOON)).contains(Duration.ofSeconds(90));
  }

  @Test
  void dateFarAwayIsAnHour() {
    assertThat(RetryAfter.parse("Mon, 06 Nov 2094 12:00:00 GMT", NOON))
        .isEmpty(); // 6 November 2094 is a Saturday
    assertThat(RetryAfter.parse("Sat, 06 Nov 2094 12:00:00 GMT", NOON))
        .contains(RetryAfter.LONGEST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "00",
        "-1",
        "+7",
        "1.5",
        "7 s",
        "soon",
        "\u0667",
        "9999999999999999999",
        "Sun, 06 Nov 1994 12:00:00 GMT",
        "Sun, 06 Nov 1994 11:59:59 GMT",
        "Sun, 06 Nov 1994 25:00:00 GMT",
        "Sunday, 06-Nov-94",
        "1994-11-06T12:01:30Z"
      })
  void whatAsksForNothingOrIsNoTimeIsNone(String header) {
    assertThat(RetryAfter.parse(header, NOON)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "7", "today"})
  void dateCannotBeComparedWithoutATimeOfTheServer(String date) {
    assertThat(RetryAfter.parse("Sun, 06 Nov 1994 12:01:30 GMT", date)).isEmpty();
    assertThat(RetryAfter.parse("Sun, 06 Nov 1994 12:01:30 GMT", null)).isEmpty();
  }

  @Test
  void answerWithoutTheHeaderAsksForNothing() {
    assertThat(RetryAfter.parse(null, NOON)).isEmpty();
  }
}
