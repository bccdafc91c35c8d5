package de.lifetimecircle.secrets.operations;

import java.util.Locale;

/** Constants as words in a sentence. */
public final class Words {
  private Words() {}

  /** Such as {@code not found}. */
  public static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
