package de.lifetimecircle.secrets.springboot;

import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Recognises values that were handed out, without keeping them: a bean that was bound before a
 * rotation still holds the old value, and an endpoint may show it.
 *
 * <p>Keeps the length of each value and a fingerprint under a key of this process: a polynomial
 * modulo a prime at a random point, which can be calculated for every part of a text in one pass.
 * Safe for use by several threads.
 */
final class ValueTraces {
  /** A shorter value is only recognised if it is the whole text: too many texts contain it. */
  private static final int SHORTEST_PART = 6;

  private static final int MOST = 4096;
  private static final long PRIME = (1L << 61) - 1;

  private final long point = new SecureRandom().nextLong(1L << 32, PRIME);

  private final Map<Trace, Boolean> traces =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Trace, Boolean> eldest) {
          return size() > MOST;
        }
      };

  private record Trace(int length, long fingerprint) {}

  /** Recognises this value from now on. */
  synchronized void add(String value) {
    if (!value.isEmpty()) {
      long fingerprint = 0;
      for (int i = 0; i < value.length(); i++) {
        fingerprint = next(fingerprint, value.charAt(i));
      }
      traces.put(new Trace(value.length(), fingerprint), true);
    }
  }

  /** Whether the text is such a value, or contains one. */
  synchronized boolean foundIn(String text) {
    Set<Integer> lengths = new LinkedHashSet<>();
    for (Trace each : traces.keySet()) {
      lengths.add(each.length());
    }
    for (int length : lengths) {
      boolean mayMatch =
          length >= SHORTEST_PART ? length <= text.length() : length == text.length();
      if (mayMatch && hasPart(text, length)) {
        return true;
      }
    }
    return false;
  }

  private boolean hasPart(String text, int length) {
    long fingerprint = 0;
    long first = 1; // the weight of a part's first character, once it leaves the part
    for (int i = 0; i < length; i++) {
      first = times(first, point);
    }
    for (int i = 0; i < text.length(); i++) {
      fingerprint = next(fingerprint, text.charAt(i));
      if (i >= length) {
        fingerprint = minus(fingerprint, times(first, text.charAt(i - length) + 1L));
      }
      if (i >= length - 1 && traces.containsKey(new Trace(length, fingerprint))) {
        return true;
      }
    }
    return false;
  }

  private long next(long fingerprint, char c) {
    return reduced(times(fingerprint, point) + c + 1);
  }

  private static long times(long a, long b) {
    long high = Math.multiplyHigh(a, b);
    long low = a * b;
    return reduced((low & PRIME) + ((low >>> 61) | (high << 3)));
  }

  private static long minus(long a, long b) {
    return reduced(a - b + PRIME);
  }

  private static long reduced(long sum) {
    long folded = (sum & PRIME) + (sum >>> 61);
    return folded >= PRIME ? folded - PRIME : folded;
  }
}
