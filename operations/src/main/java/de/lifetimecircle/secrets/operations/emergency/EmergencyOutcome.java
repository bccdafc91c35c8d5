package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.documents.LocalizedTexts;
import de.lifetimecircle.secrets.operations.inventory.Worded;
import java.util.Locale;

/** How an emergency or a drill ended, or that it has not ended. */
public enum EmergencyOutcome implements Worded {
  /** Programs did and checked everything. */
  DONE,
  /** Everything is done; a person did a part of it, and no program has checked that. */
  BY_HAND,
  /** All steps ran, but the inventory lacks a hook, so a risk is still open. */
  NOT_DONE,
  /** A step failed or the process ended; the next run resumes there. */
  INTERRUPTED,
  /** A process is working on it at this moment. */
  RUNNING,
  /** The record does not say: it is damaged, or of an earlier version of this program. */
  UNKNOWN;

  static EmergencyOutcome of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** Returns whether nothing is left to do. */
  public boolean finished() {
    return this == DONE || this == BY_HAND;
  }

  /**
   * Returns the words for it that every command and document uses, such as {@code NOT done}.
   *
   * @param kind a drill's words begin with its mark
   */
  public String words(PostMortem.Kind kind, Language language) {
    return words(kind, LocalizedTexts.of(EmergencyOutcome.class, language));
  }

  String words(PostMortem.Kind kind, LocalizedTexts texts) {
    String words = texts.text("ending." + word());
    return kind == PostMortem.Kind.REAL ? words : texts.text("drill.mark") + " " + words;
  }
}
