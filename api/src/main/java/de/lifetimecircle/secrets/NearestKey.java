package de.lifetimecircle.secrets;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds the known word that a mistyped one probably stands for. */
final class NearestKey {
  private NearestKey() {}

  /** The nearest known word; null if none is near enough to be what was meant. */
  static @Nullable String of(String typed, Collection<String> known) {
    String best = null;
    // A third of the letters wrong is no typing mistake any more; two are in a short word, too.
    int bestDistance = Math.max(2, typed.length() / 3) + 1;
    for (String word : known) {
      int distance = distance(typed, word);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = word;
      }
    }
    return best;
  }

  static String hint(String typed, Collection<String> known) {
    String word = of(typed, known);
    return word == null ? "" : "; did you mean '" + word + "'?";
  }

  /** The Levenshtein distance, row by row. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
