package de.lifetimecircle.secrets.decision.results;

import java.math.RoundingMode;
import java.text.NumberFormat;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The texts of one bundle in one language. Safe for use by several threads. */
public final class TextBundle {
  private static final Pattern PLACE = Pattern.compile("\\{(\\d)}");

  private final ResourceBundle bundle;
  private final Locale locale;

  /** Finds a bundle in the package of a class. */
  public TextBundle(Class<?> beside, String name, Locale locale) {
    this.locale = locale;
    this.bundle =
        ResourceBundle.getBundle(
            beside.getPackageName() + "." + name,
            locale,
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
  }

  /** Whether there is such a text. */
  public boolean has(String key) {
    return bundle.containsKey(key);
  }

  /**
   * Returns a text with its places filled, each once.
   *
   * @throws java.util.MissingResourceException if there is none
   */
  public String text(String key, List<?> parts) {
    return PLACE
        .matcher(bundle.getString(key))
        .replaceAll(
            place ->
                Matcher.quoteReplacement(
                    String.valueOf(parts.get(Integer.parseInt(place.group(1))))));
  }

  /** Returns a number as the language writes it, with at least and at most so many decimals. */
  public String number(Number number, int least, int most) {
    NumberFormat format = NumberFormat.getNumberInstance(locale);
    format.setMinimumFractionDigits(least);
    format.setMaximumFractionDigits(most);
    format.setRoundingMode(RoundingMode.HALF_UP);
    return format.format(number);
  }
}
