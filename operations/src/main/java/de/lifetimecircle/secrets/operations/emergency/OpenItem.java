package de.lifetimecircle.secrets.operations.emergency;

import java.util.List;

/**
 * A risk that an emergency leaves to people: why the exposed value may still be usable, and the
 * manual steps against it. Immutable; holds no value.
 *
 * @param summary the risk, a sentence without its full stop
 * @param byHand the manual steps, one a line
 */
public record OpenItem(String summary, List<String> byHand) {
  /** Copies the list. */
  public OpenItem {
    byHand = List.copyOf(byHand);
  }
}
