package de.lifetimecircle.secrets.operations.inventory;

import java.util.Locale;

/** Constants as words in a sentence. */
public final class EnumText {
  private EnumText() {}

  /** Such as {@code not found}. */
  public static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
