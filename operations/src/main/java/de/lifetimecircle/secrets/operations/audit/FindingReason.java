package de.lifetimecircle.secrets.operations.audit;

import de.lifetimecircle.secrets.operations.inventory.Worded;

/** The reason why a read is a finding. */
public enum FindingReason implements Worded {
  /** The read was outside working hours, and the reader is not a service. */
  OUTSIDE_HOURS("outside working hours"),
  /** The principal of a deployment read while no deployment ran. */
  OUTSIDE_DEPLOYMENT("from CI outside a deployment"),
  /** The inventory does not know the principal. */
  UNKNOWN_PRINCIPAL("by an unknown principal"),
  /** The inventory does not know the address. */
  UNKNOWN_ADDRESS("from an unknown address"),
  /** This principal has not read this secret before. */
  FIRST_READER("by a first reader");

  private final String words;

  FindingReason(String words) {
    this.words = words;
  }

  /** Returns the reason in words, for people. */
  public String words() {
    return words;
  }
}
