package de.lifetimecircle.secrets.operations.documents;

import de.lifetimecircle.secrets.operations.inventory.Worded;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A language that documents are written in. */
public enum Language implements Worded {
  /** German. */
  GERMAN(Locale.GERMAN),
  /** English. */
  ENGLISH(Locale.ENGLISH);

  private final Locale locale;

  Language(Locale locale) {
    this.locale = locale;
  }

  /** Returns the language of a two-letter code; empty if there is none. */
  public static Optional<Language> of(String code) {
    return Arrays.stream(values()).filter(language -> language.code().equals(code)).findFirst();
  }

  /** Returns its two-letter code. */
  public String code() {
    return locale.getLanguage();
  }

  @Override
  public String word() {
    return code();
  }

  /** Returns the locale of its numbers and days. */
  public Locale locale() {
    return locale;
  }
}
