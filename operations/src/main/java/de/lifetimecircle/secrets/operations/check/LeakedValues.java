package de.lifetimecircle.secrets.operations.check;

/**
 * Whether the sentences of an inventory may be shown where no value may be. A later constant
 * outweighs an earlier one.
 */
public enum LeakedValues {
  /** Every value was compared with the sentences, and they contain none. */
  COMPARED,
  /** The values of other environments, which share the sentences, were not compared. */
  PARTLY,
  /** A value could not be read. */
  UNREAD,
  /** The inventory contains a value. */
  QUOTED
}
