package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.results.ResultText;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.text.NumberFormat;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.MissingResourceException;
import java.util.ResourceBundle;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The texts and number formats of one language. Safe for use by several threads. */
final class ReportText {
  /** The languages that a report can be written in. */
  static final List<Locale> LANGUAGES = List.of(Locale.GERMAN, Locale.ENGLISH);

  private static final Pattern PLACE = Pattern.compile("\\{(\\d)}");
  private static final String NOTHING = "–";
  private static final double NANOS_OF_SECOND = 1e9;
  private static final double NANOS_OF_MILLI = 1e6;
  private static final double NANOS_OF_MICRO = 1e3;

  private final ResourceBundle bundle;
  private final Locale locale;

  private ReportText(Locale locale) {
    this.locale = locale;
    this.bundle =
        ResourceBundle.getBundle(
            ReportText.class.getPackageName() + ".report",
            locale,
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
  }

  static ReportText of(Locale locale) {
    return new ReportText(locale);
  }

  Locale locale() {
    return locale;
  }

  /** The two letters of the language. */
  String language() {
    return locale.getLanguage();
  }

  /**
   * A text with its places filled.
   *
   * @throws MissingResourceException if the bundle has no such key
   */
  String text(String key, Object... parts) {
    return PLACE
        .matcher(bundle.getString(key))
        .replaceAll(
            place ->
                Matcher.quoteReplacement(String.valueOf(parts[Integer.parseInt(place.group(1))])));
  }

  /**
   * Returns a text, or the word itself if there is no text for it: for words that others may add.
   */
  String name(String group, String word) {
    String key = group + "." + word;
    return bundle.containsKey(key) ? bundle.getString(key) : word;
  }

  /** A statement of the measuring program. */
  String said(ResultText statement) {
    return statement.in(locale);
  }

  /** The name of a measurement, or its id if it has none. */
  String measure(String id) {
    return said(ResultText.measure(id));
  }

  boolean knows(String key) {
    return bundle.containsKey(key);
  }

  String criterion(DecisionCriterion criterion) {
    return text("criterion." + criterion.word());
  }

  String origin(TeamJudgement.Origin origin) {
    return text("origin." + origin.word());
  }

  String backend(String scheme) {
    return name("backend", scheme);
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
    NumberFormat format = NumberFormat.getNumberInstance(locale);
    format.setMinimumFractionDigits(decimals);
    format.setMaximumFractionDigits(decimals);
    format.setRoundingMode(RoundingMode.HALF_UP);
    return format.format(number);
  }

  /** As short as it can be written: a round trip, a weight. */
  String plain(double number) {
    NumberFormat format = NumberFormat.getNumberInstance(locale);
    format.setMaximumFractionDigits(2);
    format.setRoundingMode(RoundingMode.HALF_UP);
    return format.format(number);
  }

  String whole(BigDecimal number) {
    return NumberFormat.getIntegerInstance(locale).format(number.setScale(0, RoundingMode.HALF_UP));
  }

  String whole(long number) {
    return NumberFormat.getIntegerInstance(locale).format(number);
  }

  /** Dollars and cents, without the unit. */
  String dollars(BigDecimal dollars) {
    NumberFormat format = NumberFormat.getNumberInstance(locale);
    format.setMinimumFractionDigits(2);
    format.setMaximumFractionDigits(2);
    return format.format(dollars.setScale(2, RoundingMode.HALF_UP));
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
    return DateTimeFormatter.ofPattern(text("day"), locale).format(day);
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

  /** From the one figure to the other. */
  String interval(double low, double high, String unit) {
    return (low == 0 ? "0" : figure(low, unit)) + " … " + figure(high, unit);
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
