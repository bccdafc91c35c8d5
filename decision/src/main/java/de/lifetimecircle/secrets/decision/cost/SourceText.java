package de.lifetimecircle.secrets.decision.cost;

import java.util.Locale;

/**
 * The page that a figure or a judgement comes from, or the reason for it. Immutable.
 *
 * @param english in English
 * @param german in German; the same for a page
 */
public record SourceText(String english, String german) {
  /** Returns the text in that language. */
  public String in(Locale language) {
    return language.getLanguage().equals("de") ? german : english;
  }
}
