package de.lifetimecircle.secrets.opentelemetry;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells the open providers of one backend in a process apart: two that had the same attributes
 * would give one series two values. The smallest free number, so that a provider that is closed and
 * opened again continues its series. Guarded by its class.
 */
final class ProviderNumbers {
  private static final Map<String, BitSet> TAKEN = new HashMap<>();

  private ProviderNumbers() {}

  static synchronized int take(String backend) {
    BitSet taken = TAKEN.computeIfAbsent(backend, unused -> new BitSet());
    int number = taken.nextClearBit(1);
    taken.set(number);
    return number;
  }

  static synchronized void giveBack(String backend, int number) {
    TAKEN.getOrDefault(backend, new BitSet()).clear(number);
  }
}
