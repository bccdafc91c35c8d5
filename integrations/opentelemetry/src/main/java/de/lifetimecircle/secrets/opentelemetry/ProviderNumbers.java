package de.lifetimecircle.secrets.opentelemetry;

import java.util.BitSet;

/**
 * Tells the open providers of a process apart: two that had the same attributes would give one
 * series two values. The smallest free number, so that a provider that is closed and opened again
 * continues its series. Guarded by its class.
 */
final class ProviderNumbers {
  private static final BitSet TAKEN = new BitSet();

  private ProviderNumbers() {}

  static synchronized int take() {
    int number = TAKEN.nextClearBit(1);
    TAKEN.set(number);
    return number;
  }

  static synchronized void giveBack(int number) {
    TAKEN.clear(number);
  }
}
