package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import java.util.Optional;
import java.util.stream.Stream;

/** Names the pending values of rotations in backends without stages. Stateless. */
public final class PendingNames {
  static final String SUFFIX = "-pending";

  /** The text instead of a rotation's id while nothing is pending. */
  public static final String NOTHING = "none";

  private PendingNames() {}

  /**
   * Returns the rotation whose new value a document under a pending name keeps, {@link #NOTHING} if
   * it keeps none; empty if it is not such a document but a team's own secret.
   */
  public static Optional<String> rotation(SecretValue document) {
    try {
      return Stream.of("rotation", "by", "value").map(document::json).toList().stream().findFirst();
    } catch (SecretException e) {
      return Optional.empty();
    }
  }

  /** Returns the pending name of a secret. */
  public static String of(String stored) {
    return stored + SUFFIX;
  }

  /** Returns the secret of a pending name; empty if it is not one. */
  public static String secretOf(String name) {
    return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : "";
  }
}
