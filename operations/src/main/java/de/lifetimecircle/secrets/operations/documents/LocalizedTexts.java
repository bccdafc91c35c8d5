package de.lifetimecircle.secrets.operations.documents;

import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import de.lifetimecircle.secrets.operations.inventory.RotationRule;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.text.NumberFormat;
import java.time.Duration;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.Period;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.MissingResourceException;
import java.util.PropertyResourceBundle;
import java.util.ResourceBundle;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The texts of one package in one language, from a resource bundle that has the name of the
 * package. Immutable.
 */
public final class LocalizedTexts {
  private static final Pattern PLACE = Pattern.compile("\\{(\\d)}");

  private final ResourceBundle bundle;
  private final Language language;

  /**
   * Reads the file itself: in a named module {@link ResourceBundle#getBundle} rejects the control
   * that keeps it from falling back to the language of the machine.
   */
  private LocalizedTexts(Class<?> owner, Language language) {
    this.language = language;
    String folder = owner.getPackageName();
    String name = folder.substring(folder.lastIndexOf('.') + 1);
    String file = name + "_" + language.code() + ".properties";
    try (InputStream in = owner.getResourceAsStream(file)) {
      if (in == null) {
        throw new MissingResourceException("Cannot find the texts " + file, folder, file);
      }
      this.bundle = new PropertyResourceBundle(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the texts " + file, e);
    }
  }

  /**
   * Returns the texts of the package of a class.
   *
   * @throws MissingResourceException if the package has no bundle
   */
  public static LocalizedTexts of(Class<?> owner, Language language) {
    return new LocalizedTexts(owner, language);
  }

  /** Returns the language of the texts. */
  public Language language() {
    return language;
  }

  /**
   * Returns a text with its placeholders filled. If the first of them is 1 and the key has a form
   * {@code .one}, that is the singular.
   *
   * @throws MissingResourceException if the language has no such text
   */
  public String text(String key, Object... parts) {
    String singular = key + ".one";
    boolean one =
        parts.length > 0 && String.valueOf(parts[0]).equals("1") && bundle.containsKey(singular);
    return PLACE
        .matcher(bundle.getString(one ? singular : key))
        .replaceAll(
            place ->
                Matcher.quoteReplacement(String.valueOf(parts[Integer.parseInt(place.group(1))])));
  }

  /** Returns whether there is such a text. */
  public boolean has(String key) {
    return bundle.containsKey(key);
  }

  /** Returns a number as the language writes it, with at least and at most so many decimals. */
  public String number(Number number, int least, int most) {
    NumberFormat format = NumberFormat.getNumberInstance(language.locale());
    format.setMinimumFractionDigits(least);
    format.setMaximumFractionDigits(most);
    format.setRoundingMode(RoundingMode.HALF_UP);
    return format.format(number);
  }

  /** Returns a text, or the word itself if there is none, because backends may add words. */
  public String name(String group, String word) {
    String key = group + "." + word.replace(' ', '-');
    return bundle.containsKey(key) ? bundle.getString(key) : word;
  }

  /** Returns the system that a secret opens, in this language if the inventory derives it. */
  public String opens(InventorySecret secret) {
    String system = String.valueOf(secret.opens());
    return system.startsWith(InventorySecret.DATABASE_OF)
        ? text("opens.database", system.substring(InventorySecret.DATABASE_OF.length()))
        : system;
  }

  /** Returns a schedule such as {@code every 3 months, on 1 March, 1 June}. */
  public String rotation(RotationRule rotation) {
    List<String> parts = new ArrayList<>();
    Period every = rotation.every();
    if (every != null) {
      parts.add(period(every));
    }
    if (!rotation.on().isEmpty()) {
      parts.add(text("on", String.join(", ", rotation.on().stream().map(this::day).toList())));
    }
    return String.join(", ", parts);
  }

  private String period(Period period) {
    if (period.getYears() > 0) {
      return every(period.getYears(), "year");
    }
    return period.getMonths() > 0
        ? every(period.getMonths(), "month")
        : every(period.getDays(), "day");
  }

  private String every(int count, String unit) {
    return count == 1 ? text("every." + unit) : text("every", counted(count, unit));
  }

  /** Returns a duration as people write it, such as {@code 7 days}. */
  public String duration(Duration duration) {
    if (duration.toMinutesPart() != 0) {
      return counted(duration.toMinutes(), "minute");
    }
    return duration.toHoursPart() != 0 || duration.toHours() <= 48
        ? counted(duration.toHours(), "hour")
        : counted(duration.toDays(), "day");
  }

  private String counted(long count, String unit) {
    return text(unit + (count == 1 ? "" : "s"), count);
  }

  private String day(MonthDay day) {
    return DateTimeFormatter.ofPattern(text("month-day"), language.locale()).format(day);
  }

  /** Returns a day as people write it. */
  public String day(LocalDate day) {
    return DateTimeFormatter.ofPattern(text("date"), language.locale()).format(day);
  }
}
