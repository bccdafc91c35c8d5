package de.lifetimecircle.secrets.decision.report;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.decision.cost.Origin;
import de.lifetimecircle.secrets.decision.results.ResultText;
import de.lifetimecircle.secrets.operations.documents.Language;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReportTextTest {
  private static final ReportText GERMAN = new ReportText(Language.GERMAN);
  private static final ReportText ENGLISH = new ReportText(Language.ENGLISH);

  @Test
  void bothLanguagesHaveTheSameKeysWithTheSamePlaces() throws IOException {
    haveTheSameKeys(
        bundle(ReportText.class, "report", "de"), bundle(ReportText.class, "report", "en"));
    haveTheSameKeys(
        bundle(ResultText.class, "results", "de"), bundle(ResultText.class, "results", "en"));
  }

  private static void haveTheSameKeys(Properties german, Properties english) {
    assertThat(german.stringPropertyNames()).isEqualTo(english.stringPropertyNames());
    for (String key : german.stringPropertyNames()) {
      assertThat(places(german.getProperty(key)))
          .as(key)
          .isEqualTo(places(english.getProperty(key)));
      assertThat(german.getProperty(key).strip()).as(key).isNotEmpty();
      assertThat(english.getProperty(key).strip()).as(key).isNotEmpty();
    }
  }

  @Test
  void everyCriterionAndMeasurementHasItsTexts() {
    for (ReportText words : List.of(GERMAN, ENGLISH)) {
      for (DecisionCriterion criterion : DecisionCriterion.values()) {
        assertThat(words.knows("criterion." + criterion)).as(criterion.toString()).isTrue();
        assertThat(words.knows("rule." + criterion)).as(criterion.toString()).isTrue();
      }
      for (Origin origin : Origin.values()) {
        assertThat(words.knows("origin." + origin)).as(origin.toString()).isTrue();
      }
      for (String id : MeasuredChapter.ORDER) {
        assertThat(words.measure(id)).isNotEqualTo(id);
      }
    }
  }

  @Test
  void aPlaceIsFilledOnlyOnce() {
    assertThat(ENGLISH.text("pair", "{1}", "b$1\\")).isEqualTo("{1} and b$1\\");
  }

  @Test
  void numbersAreWrittenAsTheLanguageDoes() {
    assertThat(GERMAN.number(1234.5)).isEqualTo("1.230");
    assertThat(ENGLISH.number(0.038512)).isEqualTo("0.0385");
    assertThat(GERMAN.number(2.5)).isEqualTo("2,50");
    assertThat(GERMAN.dollars(new BigDecimal("1722.215"))).isEqualTo("1.722,22");
    assertThat(GERMAN.percent(0.0015)).isEqualTo("0,15 %");
    assertThat(ENGLISH.percent(0.00001)).isEqualTo("< 0.01 %");
    assertThat(GERMAN.day(LocalDate.of(2026, 11, 5))).isEqualTo("5. November 2026");
    assertThat(ENGLISH.day(LocalDate.of(2026, 11, 5))).isEqualTo("November 5, 2026");
  }

  @Test
  void aTimeIsShownInTheUnitThatFits() {
    assertThat(ENGLISH.figure(7.123, "ns")).isEqualTo("7.12 ns");
    assertThat(ENGLISH.figure(12_345, "ns")).isEqualTo("12.3 µs");
    assertThat(ENGLISH.figure(0.5, "ms")).isEqualTo("500 µs");
    assertThat(ENGLISH.figure(61_000, "ms")).isEqualTo("61.0 s");
    assertThat(ENGLISH.figure(9.5, "MB")).isEqualTo("9.50 MB");
    assertThat(ENGLISH.figure(49, "count")).isEqualTo("49.0");
    assertThat(ENGLISH.figure(0, "%")).isEqualTo("0 %");
    assertThat(ENGLISH.figure(Double.NaN, "ms")).isEqualTo("–");
  }

  private static Properties bundle(Class<?> beside, String name, String language)
      throws IOException {
    Properties bundle = new Properties();
    try (InputStreamReader reader =
        new InputStreamReader(
            Objects.requireNonNull(
                beside.getResourceAsStream(name + "_" + language + ".properties")),
            StandardCharsets.UTF_8)) {
      bundle.load(reader);
    }
    return bundle;
  }

  private static Set<String> places(String text) {
    Set<String> places = new TreeSet<>();
    Matcher place = Pattern.compile("\\{\\d}").matcher(text);
    while (place.find()) {
      places.add(place.group());
    }
    return places;
  }
}
