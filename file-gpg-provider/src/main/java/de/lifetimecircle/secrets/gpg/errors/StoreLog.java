package de.lifetimecircle.secrets.gpg.errors;

/**
 * The log of the store, in a class of its own: the JDK then searches for the logger with the first
 * line, not with the first secret.
 */
public final class StoreLog {
  public static final System.Logger LOG = System.getLogger("de.lifetimecircle.secrets.gpg");

  private StoreLog() {}
}
