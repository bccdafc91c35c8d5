package de.lifetimecircle.secrets.operations.inventory;

/**
 * The names under which backends without stages keep the new value of a rotation until it is
 * served. Stateless.
 */
public final class PendingNames {
  static final String SUFFIX = "-pending";

  /** What stands there in the place of a rotation's id while nothing is pending. */
  public static final String NOTHING = "none";

  private PendingNames() {}

  /** The name beside that one. */
  public static String of(String stored) {
    return stored + SUFFIX;
  }

  /** The name that this one is beside; the empty text if it is none of these. */
  public static String secretOf(String name) {
    return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : "";
  }
}
