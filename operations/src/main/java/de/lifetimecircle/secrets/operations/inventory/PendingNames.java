package de.lifetimecircle.secrets.operations.inventory;

/** Names the pending values of rotations in backends without stages. Stateless. */
public final class PendingNames {
  static final String SUFFIX = "-pending";

  /** The text instead of a rotation's id while nothing is pending. */
  public static final String NOTHING = "none";

  private PendingNames() {}

  /** Returns the pending name of a secret. */
  public static String of(String stored) {
    return stored + SUFFIX;
  }

  /** Returns the secret of a pending name; empty if it is not one. */
  public static String secretOf(String name) {
    return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : "";
  }
}
