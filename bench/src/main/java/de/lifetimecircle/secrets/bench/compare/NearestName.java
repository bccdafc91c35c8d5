package de.lifetimecircle.secrets.bench.compare;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the word that was probably meant. Stateless. */
final class NearestName {
  private NearestName() {}

  /** {@code ; did you mean 'vault'?}, or nothing where no known word is near. */
  static String hint(String typed, Collection<String> known) {
    Optional<String> nearest =
        known.stream().min(Comparator.comparingInt(word -> distance(typed, word)));
    return nearest
        .filter(word -> distance(typed, word) <= Math.max(2, typed.length() / 3))
        .map(word -> "; did you mean '" + word + "'?")
        .orElse("");
  }

  /** How many letters to add, drop or change. */
  private static int distance(String from, String to) {
    int[][] steps = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        if (i == 0 || j == 0) {
          steps[i][j] = i + j;
        } else {
          int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
          int other = Math.min(steps[i - 1][j], steps[i][j - 1]) + 1;
          steps[i][j] = Math.min(steps[i - 1][j - 1] + change, other);
        }
      }
    }
    return steps[from.length()][to.length()];
  }
}
