package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.cost.Source;
import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.ResultText;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.MissingResourceException;
import java.util.Optional;
import java.util.OptionalDouble;

/** The texts of the report and the numbers of one language. Safe for use by several threads. */
record ReportText(LocalizedTexts texts) {
  /** Stands for a figure that there is not. */
  static final String NOTHING = "–";

  private static final double NANOS_OF_SECOND = 1e9;
  private static final double NANOS_OF_MILLI = 1e6;
  private static final double NANOS_OF_MICRO = 1e3;

  ReportText(Language language) {
    this(LocalizedTexts.of(ReportText.class, language));
  }

  Language language() {
    return texts.language();
  }

  /**
   * A text with its places filled.
   *
   * @throws MissingResourceException if the bundle has no such key
   */
  String text(String key, Object... parts) {
    return texts.text(key, parts);
  }

  /**
   * Returns a text, or the word itself if there is no text for it: for words that others may add.
   */
  String name(String group, String word) {
    return knows(group + "." + word) ? text(group + "." + word) : word;
  }

  /** The head of a column, or the key itself if there is no text for it. */
  String head(String key) {
    return name("head", key);
  }

  /** A statement of the measuring program. */
  String said(ResultText statement) {
    return statement.in(language());
  }

  /** The name of a measurement, or its id if it has none. */
  String measure(String id) {
    return said(ResultText.measure(id));
  }

  boolean knows(String key) {
    return texts.has(key);
  }

  String criterion(DecisionCriterion criterion) {
    return text("criterion." + criterion);
  }

  String backend(String scheme) {
    return name("backend", scheme);
  }

  String shortBackend(String scheme) {
    return name("backend.short", scheme);
  }

  /** Returns the author, the page and the day of a source. */
  String source(Source source) {
    return text(
        "source",
        text("origin." + source.origin()),
        source.text().in(language()),
        day(source.day()));
  }

  /** Three digits that count: {@code 0,385}. */
  String number(double number) {
    if (!Double.isFinite(number)) {
      return NOTHING;
    }
    BigDecimal rounded = new BigDecimal(number).round(new MathContext(3, RoundingMode.HALF_UP));
    int whole = rounded.precision() - rounded.scale();
    return fixed(rounded.doubleValue(), number == 0 ? 0 : Math.max(0, Math.min(6, 3 - whole)));
  }

  /** With so many decimals. */
  String fixed(double number, int decimals) {
    return texts.number(number, decimals, decimals);
  }

  /** As short as it can be written: a round trip, a weight. */
  String plain(double number) {
    return texts.number(number, 0, 2);
  }

  /** Without decimals. */
  String whole(Number number) {
    return texts.number(number, 0, 0);
  }

  /** Dollars and cents, without the unit. */
  String dollars(BigDecimal dollars) {
    return texts.number(dollars.setScale(2, RoundingMode.HALF_UP), 2, 2);
  }

  /** A share, to two digits that count. */
  String percent(double share) {
    double percent = share * 100;
    if (percent > 0 && percent < 0.01) {
      return "< " + fixed(0.01, 2) + " %";
    }
    BigDecimal rounded = new BigDecimal(percent).round(new MathContext(2, RoundingMode.HALF_UP));
    return plain(rounded.doubleValue()) + " %";
  }

  String day(LocalDate day) {
    return DateTimeFormatter.ofPattern(text("day"), language().locale()).format(day);
  }

  /** A measured figure in its unit; a time in the unit that shows it best. */
  String figure(double number, String unit) {
    if (!Double.isFinite(number)) {
      return NOTHING;
    }
    if (!MeasurementUnits.isTime(unit)) {
      return unit.equals("percent") || unit.equals("%")
          ? number(number) + " %"
          : number(number) + (unit.equals("count") ? "" : " " + name("unit", unit));
    }
    double nanos = MeasurementUnits.nanos(number, unit);
    if (nanos >= NANOS_OF_SECOND) {
      return number(nanos / NANOS_OF_SECOND) + " s";
    }
    if (nanos >= NANOS_OF_MILLI) {
      return number(nanos / NANOS_OF_MILLI) + " ms";
    }
    return nanos >= NANOS_OF_MICRO ? number(nanos / NANOS_OF_MICRO) + " µs" : number(nanos) + " ns";
  }

  /** A figure beside the median, if there is one. */
  String figure(OptionalDouble figure, String unit) {
    return figure.isPresent() ? figure(figure.getAsDouble(), unit) : NOTHING;
  }

  /** The median. */
  String median(Measurement measurement) {
    return figure(measurement.median(), measurement.unit());
  }

  /** Returns the median of a measurement, if there is one. */
  String median(Optional<Measurement> measurement) {
    return measurement.map(this::median).orElse(NOTHING);
  }

  /** The interval of the median. */
  String interval(Measurement row) {
    return (row.low() == 0 ? "0" : figure(row.low(), row.unit()))
        + " … "
        + figure(row.high(), row.unit());
  }

  /** As a list in a sentence: {@code a, b und c}. */
  String list(List<String> words) {
    if (words.size() < 2) {
      return String.join("", words);
    }
    int last = words.size() - 1;
    return String.join(", ", words.subList(0, last)) + " " + text("and") + " " + words.get(last);
  }
}
