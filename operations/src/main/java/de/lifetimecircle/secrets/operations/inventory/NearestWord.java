package de.lifetimecircle.secrets.operations.inventory;

import java.util.Collection;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the known word that is nearest to a mistyped one. Stateless. */
public final class NearestWord {
  /** Words that a message may repeat: any other text may be a value. */
  private static final Pattern HARMLESS = Pattern.compile("[A-Za-z][A-Za-z_-]{0,31}");

  private NearestWord() {}

  /** Returns the typed word in quotes if it cannot be a value, else an empty text. */
  static String shown(String typed) {
    return HARMLESS.matcher(typed).matches() ? " '" + typed + "'" : "";
  }

  /** Returns {@code ; did you mean 'x'?}, or all known words if none is near. */
  static String hint(String typed, Collection<String> known) {
    String near = of(typed, known);
    if (near != null) {
      return "; did you mean '" + near + "'?";
    }
    return known.isEmpty() ? "" : " (known: " + String.join(", ", known) + ")";
  }

  /** Returns the known word that is nearest to the typed one; null if none is near. */
  public static @Nullable String of(String typed, Collection<String> known) {
    String best = null;
    // Two letters may be wrong in a short word, a third of them in a long one.
    int bestDistance = Math.max(2, Math.min(typed.length(), 64) / 3) + 1;
    for (String word : known) {
      boolean cutShort = typed.length() > 3 && word.startsWith(typed);
      int apart = Math.abs(word.length() - typed.length());
      int distance = cutShort ? 1 : apart < bestDistance ? distance(typed, word) : apart;
      if (distance < bestDistance) {
        bestDistance = distance;
        best = word;
      }
    }
    return best;
  }

  /** Returns Levenshtein's distance: the letters to change, add or remove. */
  private static int distance(String from, String to) {
    int[] above = new int[to.length() + 1];
    for (int j = 0; j < above.length; j++) {
      above[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] row = new int[above.length];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = above[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[to.length()];
  }
}
