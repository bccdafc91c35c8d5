package de.lifetimecircle.secrets.operations.documents;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The state of one secret in a store, without its value. Immutable.
 *
 * @param secret its entry in the inventory
 * @param name its name in the store
 * @param id the name that the backend's own tools use, such as an ARN; else its name
 * @param field the field of the secret that holds the value, where a secret has fields
 * @param version the id of the current version; empty if unknown
 * @param made the day that version was made, if the backend reports it
 * @param failure why something is unknown; null if nothing is
 */
public record SecretState(
    InventorySecret secret,
    String name,
    String id,
    String field,
    String version,
    Optional<LocalDate> made,
    SecretException.@Nullable Kind failure) {
  /** Returns whether no service can read the secret. */
  public boolean missing() {
    if (failure == null) {
      return false;
    }
    return switch (failure) {
      case NOT_FOUND, VERSION_NOT_FOUND, PENDING_DELETION, DISABLED -> true;
      default -> false;
    };
  }

  /** Returns whether the same call with other permissions, or later, may report more. */
  boolean hidden() {
    return failure != null && failure != SecretException.Kind.UNSUPPORTED && !missing();
  }
}
