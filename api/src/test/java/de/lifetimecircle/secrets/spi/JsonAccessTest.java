package de.lifetimecircle.secrets.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Access to the members of a document that somebody else wrote. */
class JsonAccessTest {
  private static final Map<?, ?> DOCUMENT =
      object(
          """
          {"data": {"id": "a"}, "list": [1], "none": null, "version": 7, "part": 1.5,
           "huge": 1e30, "whole": 2.0, "created": "2026-01-31T23:59:59.5Z", "day": "31 January"}
          """);

  private static Map<?, ?> object(String text) {
    return Json.object(text.getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }

  @Test
  void memberOfItsTypeIsReturned() {
    assertThat(Json.text(Json.object(DOCUMENT, "data"), "id")).isEqualTo("a");
    assertThat(Json.number(DOCUMENT, "version")).isEqualTo(7);
    assertThat(Json.number(DOCUMENT, "whole")).isEqualTo(2);
    assertThat(Json.time(DOCUMENT, "created")).contains(Instant.parse("2026-01-31T23:59:59.5Z"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"absent", "none", "list"})
  void absentMemberOrOneOfAnotherTypeIsEmpty(String name) {
    assertThat(Json.object(DOCUMENT, name)).isEmpty();
    assertThat(Json.text(DOCUMENT, name)).isEmpty();
    assertThat(Json.number(DOCUMENT, name)).isZero();
    assertThat(Json.time(DOCUMENT, name)).isEmpty();
  }

  @Test
  void numberThatNoLongHoldsIsZeroAndTextThatIsNoTimeIsEmpty() {
    assertThat(Json.number(DOCUMENT, "part")).isZero();
    assertThat(Json.number(DOCUMENT, "huge")).isZero();
    assertThat(Json.time(DOCUMENT, "day")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[1]", "null", "\"text\"", "{\"a\": 1", "<html></html>", "{} {}"})
  void documentOfAnotherFormIsEmpty(String text) {
    assertThat(Json.object(text.getBytes(StandardCharsets.UTF_8))).isEmpty();
  }

  @Test
  void bytesThatAreNoTextAreEmpty() {
    assertThat(Json.object(new byte[] {'{', (byte) 0xff, '}'})).isEmpty();
  }
}
