package de.lifetimecircle.secrets.spi;

import java.util.Collection;
import java.util.Optional;

/**
 * Finds the known name that a mistyped one probably stands for. Stateless.
 *
 * <pre>{@code
 * List<String> known = List.of("soft-age", "max-stale");
 * String hint = NearestName.hint("soft-agee", known); // "; did you mean 'soft-age'?"
 * }</pre>
 */
public final class NearestName {
  /**
   * The input may be a whole file. No name is longer than this, and the distance costs its square.
   */
  private static final int LONGEST = 64;

  private NearestName() {}

  /**
   * Finds the nearest known name.
   *
   * @param typed the input; may be long and need not be printable
   * @param known the names to choose from
   * @return the nearest name, the first of two that are equally near; empty if none is similar
   *     enough
   */
  public static Optional<String> of(String typed, Collection<String> known) {
    String best = null;
    // A third of the letters wrong is no typing mistake any more; two are in a short word, too.
    int bestDistance = Math.max(2, Math.min(typed.length(), LONGEST) / 3) + 1;
    for (String name : known) {
      boolean isCutShort = typed.length() > 3 && name.startsWith(typed);
      int apart = Math.abs(name.length() - typed.length());
      int distance = isCutShort ? 1 : apart < bestDistance ? distance(typed, name) : apart;
      if (distance < bestDistance) {
        bestDistance = distance;
        best = name;
      }
    }
    return Optional.ofNullable(best);
  }

  /**
   * Words the nearest known name as the end of a message.
   *
   * @param typed the input
   * @param known the names to choose from
   * @return {@code ; did you mean 'x'?}, or the empty text if no known name is near
   */
  public static String hint(String typed, Collection<String> known) {
    return of(typed, known).map(name -> "; did you mean '" + name + "'?").orElse("");
  }

  /** The Levenshtein distance, row by row. */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
