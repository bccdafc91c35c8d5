package de.lifetimecircle.secrets.operations.audit;

import java.util.Locale;

/** Why a read is a finding. */
public enum FindingReason {
  /** The team does not work then, and the reader is no service. */
  OUTSIDE_HOURS("outside working hours"),
  /** A deployment's principal read while nothing was deployed. */
  OUTSIDE_DEPLOYMENT("from CI outside a deployment"),
  /** The inventory does not know who it was. */
  UNKNOWN_PRINCIPAL("by an unknown principal"),
  /** The inventory does not know from where it was. */
  UNKNOWN_ADDRESS("from an unknown address"),
  /** This principal has not read this secret before. */
  FIRST_READER("by a first reader");

  private final String words;

  FindingReason(String words) {
    this.words = words;
  }

  /** In words, for people. */
  public String words() {
    return words;
  }

  /** For programs: {@code outside-hours}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
