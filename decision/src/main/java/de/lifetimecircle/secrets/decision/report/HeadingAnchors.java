package de.lifetimecircle.secrets.decision.report;

import java.util.Locale;

/** Makes of any word one that can be the id of an element. */
final class HeadingAnchors {
  private HeadingAnchors() {}

  static String of(String word) {
    return word.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
  }
}
