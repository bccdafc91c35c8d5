package de.lifetimecircle.secrets.cli.console;

import java.util.Locale;

/** Writes numbers with their nouns, in the singular or the plural. Stateless. */
public final class Counted {
  private Counted() {}

  /** Returns a number with a noun whose plural ends with s: {@code 1 secret, 1,234 secrets}. */
  public static String of(long count, String noun) {
    return of(count, noun, noun + "s");
  }

  /** Returns a number with the noun for one or the noun for every other number. */
  public static String of(long count, String one, String many) {
    return number(count) + " " + (count == 1 ? one : many);
  }

  /** Returns a number with commas between the thousands. */
  public static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
