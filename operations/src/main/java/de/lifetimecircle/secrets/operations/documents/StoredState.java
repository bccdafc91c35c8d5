package de.lifetimecircle.secrets.operations.documents;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.inventory.InventorySecret;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a store says of one secret besides its value. Immutable.
 *
 * @param secret what the inventory says of it
 * @param name its name in the store
 * @param id how the backend's own tools call it, such as an ARN; its name where nothing else is
 *     known
 * @param version the id of the current version; empty where it is not known
 * @param made the day that version was made, where the backend tells
 * @param failure why something is not known; nothing where all is
 */
public record StoredState(
    InventorySecret secret,
    String name,
    String id,
    String version,
    Optional<LocalDate> made,
    SecretException.@Nullable Kind failure) {
  /** Whether nobody can be served it. */
  public boolean missing() {
    if (failure == null) {
      return false;
    }
    return switch (failure) {
      case NOT_FOUND, VERSION_NOT_FOUND, PENDING_DELETION, DISABLED -> true;
      default -> false;
    };
  }

  /** Whether somebody with other rights, or at another time, would be told more. */
  boolean hidden() {
    return failure != null && failure != SecretException.Kind.UNSUPPORTED && !missing();
  }
}
