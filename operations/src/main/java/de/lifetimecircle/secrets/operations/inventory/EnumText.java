package de.lifetimecircle.secrets.operations.inventory;

import java.util.Locale;

/** Turns constants into words of a sentence. */
public final class EnumText {
  private EnumText() {}

  /** Returns words such as {@code not found}. */
  public static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
