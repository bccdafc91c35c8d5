package de.lifetimecircle.secrets.decision.cost;

import de.lifetimecircle.secrets.operations.documents.Language;

/**
 * The page that a figure or a judgement comes from, or the reason for it. Immutable.
 *
 * @param english in English
 * @param german in German; the same for a page
 */
public record SourceText(String english, String german) {
  /** Returns the text in that language. */
  public String in(Language language) {
    return language == Language.GERMAN ? german : english;
  }
}
