package de.lifetimecircle.secrets.operations;

import java.util.Locale;

/** Constants as words in a sentence. */
final class Words {
  private Words() {}

  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
