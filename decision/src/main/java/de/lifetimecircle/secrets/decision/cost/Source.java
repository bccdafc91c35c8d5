package de.lifetimecircle.secrets.decision.cost;

import de.lifetimecircle.secrets.decision.results.RecordJson;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a figure or a judgement comes from. Immutable.
 *
 * @param day the day it was read or decided
 * @param origin who says so
 * @param text the page, the reason, or whose opinion it is
 */
public record Source(LocalDate day, Origin origin, SourceText text) {
  /**
   * Reads the cells of a data file.
   *
   * @param day no later than today
   * @param own the origin that only this file has
   * @param text the page, then its German form if that differs
   * @throws IllegalArgumentException what is wrong, in one sentence
   */
  public static Source of(
      String day, LocalDate today, String origin, Origin own, List<String> text) {
    SourceText both = new SourceText(text.get(0), text.get(text.size() - 1));
    return new Source(day(day, today), Origin.of(origin, own), both);
  }

  private static LocalDate day(String text, LocalDate today) {
    LocalDate day;
    try {
      day = LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(text + " (expected: a day such as 2026-11-25)", e);
    }
    if (day.isAfter(today)) {
      throw new IllegalArgumentException(text + " (expected: a day that has come)");
    }
    return day;
  }

  /** Returns whether the page may have changed since that day; our code and opinions do not age. */
  public boolean isOld(LocalDate today) {
    return isPage() && day.plusDays(PriceList.FRESH_DAYS).isBefore(today);
  }

  /** Returns the sources whose keys begin with that word and a point. */
  static Map<String, Source> under(String word, Map<String, Source> sources) {
    Map<String, Source> own = new LinkedHashMap<>(sources);
    own.keySet().removeIf(key -> !key.startsWith(word + "."));
    return own;
  }

  /** Returns the keys of the sources that are old. */
  static List<String> oldKeys(Map<String, Source> sources, LocalDate today) {
    return sources.entrySet().stream()
        .filter(source -> source.getValue().isOld(today))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Returns it as the source of the figure with that key, as JSON. */
  public Map<String, @Nullable Object> json(String key) {
    return RecordJson.object("key", key, "day", day, "origin", origin, "source", text.english());
  }

  /** Returns whether it is a page, which can change by itself. */
  boolean isPage() {
    return origin == Origin.VENDOR || origin == Origin.QUOTED;
  }
}
