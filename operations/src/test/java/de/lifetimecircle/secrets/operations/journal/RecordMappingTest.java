package de.lifetimecircle.secrets.operations.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.spi.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordMappingTest {
  private enum Colour {
    RED,
    BLUE
  }

  private record Part(String name, long bytes) {
    Part {
      if (bytes < 0) {
        throw new IllegalArgumentException("bytes: negative");
      }
    }
  }

  private record Whole(
      String text,
      int count,
      boolean flag,
      Instant at,
      Duration took,
      Colour colour,
      Optional<Instant> end,
      Optional<Part> part,
      List<Part> parts,
      Set<Colour> colours,
      Map<String, List<String>> names) {}

  private static final String TEXT =
      "{\"text\":\"a \\\"b\\\"\",\"count\":7,\"flag\":true,\"at\":\"2026-11-30T21:00:00Z\","
          + "\"took\":\"PT1M\",\"colour\":\"RED\",\"end\":\"\",\"part\":{\"name\":\"p\",\"bytes\":1},"
          + "\"parts\":[{\"name\":\"q\",\"bytes\":3000000000}],\"colours\":[\"BLUE\",\"RED\"],"
          + "\"names\":{\"b\":[\"1\",\"2\"],\"a\":[]}}";

  private static Whole read(String text) {
    return RecordMapping.read(Whole.class, (Map<?, ?>) Json.parse(text));
  }

  @Test
  void aRecordIsWrittenAndReadAgain() {
    Whole whole = read(TEXT);
    assertThat(whole.part()).contains(new Part("p", 1));
    assertThat(whole.parts()).containsExactly(new Part("q", 3_000_000_000L));
    assertThat(whole.end()).isEmpty();
    assertThat(whole.colours()).containsExactly(Colour.BLUE, Colour.RED);
    assertThat(whole.took()).isEqualTo(Duration.ofMinutes(1));
    assertThat(Json.write(RecordMapping.members(whole))).isEqualTo(TEXT);
    assertThat(read(TEXT.replace("\"end\":\"\"", "\"end\":null")).end()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"count\":7 | \"count\":\"7\" | count: another text (expected: a whole number)",
        "\"count\":7 | \"count\":7.5 | count: 7.5 (expected: a whole number)",
        "\"count\":7 | \"count\":3000000000 | count: 3000000000 (expected: a whole number)",
        "\"count\":7, | | count: missing (expected: a whole number)",
        "\"count\":7 | \"count\":7,\"more\":1 | more: unknown member",
        "\"flag\":true | \"flag\":\"true\" | flag: another text (expected: true or false)",
        "\"took\":\"PT1M\" | \"took\":\"1 min\" | took: no duration (expected: ISO 8601)",
        "2026-11-30T21:00:00Z | yesterday | at: no moment (expected: ISO 8601, UTC)",
        "\"RED\",\"end\" | \"red\",\"end\" | colour: another text (expected: one of [RED, BLUE])",
        "[\"BLUE\",\"RED\"] | \"BLUE\" | colours: another text (expected: a list)",
        "{\"name\":\"q\",\"bytes\":3000000000} | 7 | parts[0]: 7 (expected: an object)",
        "\"name\":\"q\" | \"name\":7 | parts[0].name: 7 (expected: a text)",
        "[\"1\",\"2\"] | [\"1\",2] | names.b[1]: 2 (expected: a text)"
      })
  void whatDoesNotFitIsNamed(String from, String to, String why) {
    assertThat(TEXT).contains(from);
    assertThatThrownBy(() -> read(TEXT.replace(from, to == null ? "" : to)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(why);
  }

  record Word(String text) implements JsonForm {
    @Override
    public Object json() {
      return text.toUpperCase(Locale.ROOT);
    }

    static Word read(Object json) {
      if (!(json instanceof String text)) {
        throw new IllegalArgumentException("no word");
      }
      return new Word(text.toLowerCase(Locale.ROOT));
    }
  }

  private record Result(
      double mean,
      OptionalDouble worst,
      Word word,
      Map<Word, BigDecimal> byWord,
      Map<Double, Integer> byNumber) {}

  private static final String RESULT =
      "{\"mean\":0.25,\"word\":\"A\",\"byWord\":[[\"B\",1.50]],\"byNumber\":{\"0.5\":3}}";

  @Test
  void aResultIsWrittenAndReadAgain() {
    Result read = RecordMapping.readKnown(Result.class, Json.parse(RESULT));
    assertThat(read)
        .isEqualTo(
            new Result(
                0.25,
                OptionalDouble.empty(),
                new Word("a"),
                Map.of(new Word("b"), new BigDecimal("1.50")),
                Map.of(0.5, 3)));
    assertThat(Json.write(RecordMapping.members(read))).isEqualTo(RESULT);
    String more = RESULT.replace("\"word\"", "\"worst\":7,\"later\":[1],\"word\"");
    assertThat(RecordMapping.readKnown(Result.class, Json.parse(more)).worst()).hasValue(7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"A\" | 7 | word: no word",
        "[\"B\",1.50] | [\"B\"] | byWord[0][1]: missing (expected: a number)",
        "[\"B\",1.50] | [3,1.50] | byWord[0][0]: no word",
        "[\"B\",1.50] | [\"B\",1.50,7] | byWord[0]: a list (expected: a pair)",
        "{\"0.5\":3} | {\"0.5\":\"3\"} | byNumber.0.5: another text (expected: a whole number)",
        "0.25 | null | mean: null (expected: a number)"
      })
  void whatDoesNotFitInAResultIsNamed(String from, String to, String why) {
    assertThatThrownBy(
            () -> RecordMapping.readKnown(Result.class, Json.parse(RESULT.replace(from, to))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(why);
  }

  @Test
  void aRecordThatRejectsItsPartsIsNotRead() {
    assertThatThrownBy(() -> read(TEXT.replace("\"bytes\":1", "\"bytes\":-1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasRootCauseMessage("bytes: negative");
  }

  @Test
  void aCopyHasOtherValuesOfSomeComponents() {
    Part part = new Part("p", 1);
    assertThat(RecordMapping.copy(part, Part.class, Map.of("bytes", 2L)))
        .isEqualTo(new Part("p", 2));
    assertThatThrownBy(() -> RecordMapping.copy(part, Part.class, Map.of("size", 2L)))
        .hasMessageContaining("size");
  }

  @Test
  void aFileHasAFormAVersionAndASum() {
    JsonFile<Part> form = new JsonFile<>(Part.class, "f", 3, "a part");
    String text = form.write(new Part("p", 1));
    assertThat(text)
        .matches(
            "\\{\"form\":\"f\",\"version\":3,\"name\":\"p\",\"bytes\":1,\"sum\":\"[^\"]+\"}\n");
    assertThat(form.read(text)).isEqualTo(new Part("p", 1));
    assertThatThrownBy(() -> form.read(text.replace("\"p\"", "\"q\"")))
        .hasMessage("it was edited: its sum does not fit");
    assertThatThrownBy(() -> form.read("[]")).hasMessage("it is not a part");
    assertThatThrownBy(() -> form.read("{\"name\":\"p\",\"bytes\":1}"))
        .as("whoever edits it cannot take its sum away")
        .hasMessage("it is not a part");
  }
}
