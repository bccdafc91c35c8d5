package de.lifetimecircle.secrets.operations.inventory;

import java.util.Locale;

/** A constant of an enum that has a word on the command line, in files and in output. */
public interface Worded {
  /** Returns the name of the constant, such as {@code NOT_DONE}. */
  String name();

  /** Returns its word, such as {@code not-done}. */
  default String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
