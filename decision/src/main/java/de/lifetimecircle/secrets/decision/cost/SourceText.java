package de.lifetimecircle.secrets.decision.cost;

import java.util.List;
import java.util.Locale;

/**
 * The page that a figure or a judgement comes from, or the reason for it. Immutable.
 *
 * @param english in English
 * @param german in German; the same for a page
 */
public record SourceText(String english, String german) {
  /**
   * Reads the last cells of a line of a data file.
   *
   * @param cells the text, then its German form if that differs
   */
  public static SourceText of(List<String> cells) {
    return new SourceText(cells.get(0), cells.get(cells.size() - 1));
  }

  /** Returns the text in that language. */
  public String in(Locale language) {
    return language.getLanguage().equals("de") ? german : english;
  }
}
