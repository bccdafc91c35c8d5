package de.lifetimecircle.secrets.bench.report;

import java.util.Locale;

/** Makes of any word one that can be the id of an element. */
final class Anchors {
  private Anchors() {}

  static String of(String word) {
    return word.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
  }
}
