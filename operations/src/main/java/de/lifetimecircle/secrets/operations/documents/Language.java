package de.lifetimecircle.secrets.operations.documents;

import java.util.Locale;
import java.util.Optional;

/** A language that documents are written in. */
public enum Language {
  /** German. */
  GERMAN(Locale.GERMAN),
  /** English. */
  ENGLISH(Locale.ENGLISH);

  private final Locale locale;

  Language(Locale locale) {
    this.locale = locale;
  }

  /** The language of that code of two letters, if it is one of these. */
  public static Optional<Language> of(String code) {
    for (Language language : values()) {
      if (language.code().equals(code)) {
        return Optional.of(language);
      }
    }
    return Optional.empty();
  }

  /** Its code of two letters. */
  public String code() {
    return locale.getLanguage();
  }

  Locale locale() {
    return locale;
  }
}
