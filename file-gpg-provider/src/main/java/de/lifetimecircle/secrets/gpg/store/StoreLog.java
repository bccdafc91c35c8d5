package de.lifetimecircle.secrets.gpg.store;

/**
 * The log of the store, in a class of its own: the JDK then searches for the logger with the first
 * line, not with the first secret.
 */
final class StoreLog {
  static final System.Logger LOG = System.getLogger("de.lifetimecircle.secrets.gpg");

  private StoreLog() {}
}
