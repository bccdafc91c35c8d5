package de.lifetimecircle.secrets.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds any of many parts in a text in one pass.
 *
 * <p>A canary has more than a thousand parts, and a probe listens to logs of every level, so one
 * search for each part took most of the time of the contract's leak tests. A window of {@link
 * #ANCHOR} characters moves over the text with a rolling hash; only where a part has the same hash
 * is the text compared.
 */
final class PartSearch {
  /** No part is shorter. */
  static final int ANCHOR = SecretTraces.PART;

  private static final int FACTOR = 31;

  /** {@link #FACTOR} to the power of {@link #ANCHOR}: the weight of the character that leaves. */
  private static final int OUTGOING = power();

  private static final int FILTER_BITS = 1 << 16;

  private record Part(String text, int form) {}

  private final List<String> forms;
  private final Map<Integer, List<Part>> byHash = new HashMap<>();

  /** A set bit means that a part may have this hash; most positions of a text end here. */
  private final long[] filter = new long[FILTER_BITS / Long.SIZE];

  /**
   * Prepares the search.
   *
   * @param parts for each form its parts, the form that is reported first at the beginning
   */
  PartSearch(Map<String, Set<String>> parts) {
    this.forms = List.copyOf(parts.keySet());
    int form = 0;
    for (Set<String> ofForm : parts.values()) {
      for (String part : ofForm) {
        add(part, form);
      }
      form++;
    }
  }

  private void add(String part, int form) {
    if (part.length() < ANCHOR) {
      throw new IllegalArgumentException(
          "part: too short (expected: >= " + ANCHOR + " characters)");
    }
    int hash = 0;
    for (int i = 0; i < ANCHOR; i++) {
      hash = FACTOR * hash + part.charAt(i);
    }
    byHash.computeIfAbsent(hash, any -> new ArrayList<>()).add(new Part(part, form));
    filter[word(hash)] |= 1L << hash;
  }

  /** The first form, in the order in which they were given, of which the text holds a part. */
  Optional<String> firstIn(String text) {
    char[] characters = text.toCharArray(); // in a text, each access would check its place
    int first = forms.size();
    int hash = 0;
    for (int i = 0; i < characters.length && first > 0; i++) {
      hash = FACTOR * hash + characters[i];
      if (i >= ANCHOR) {
        hash -= OUTGOING * characters[i - ANCHOR];
      }
      if (i >= ANCHOR - 1 && (filter[word(hash)] & 1L << hash) != 0) {
        first = Math.min(first, formAt(text, i - ANCHOR + 1, hash));
      }
    }
    return first < forms.size() ? Optional.of(forms.get(first)) : Optional.empty();
  }

  private int formAt(String text, int from, int hash) {
    int first = forms.size();
    for (Part part : byHash.getOrDefault(hash, List.of())) {
      if (part.form() < first && text.startsWith(part.text(), from)) {
        first = part.form();
      }
    }
    return first;
  }

  private static int word(int hash) {
    return (hash & FILTER_BITS - 1) >>> 6;
  }

  private static int power() {
    int power = 1;
    for (int i = 0; i < ANCHOR; i++) {
      power *= FACTOR;
    }
    return power;
  }
}
