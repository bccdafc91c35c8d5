package de.lifetimecircle.secrets.operations.moving;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.inventory.PendingNames;
import java.time.Duration;

/**
 * Recognises the names under which rotations keep a new value on a backend without stages. They are
 * no secrets of a service, so they are neither copied nor compared. Stateless.
 */
final class IdlePendingNames {
  private IdlePendingNames() {}

  /**
   * Returns whether a name is one of them and keeps no value now; blocks for the backend. A team's
   * own secret may have such a name: its value then has another form.
   */
  static boolean isIdle(SecretProvider store, String name) {
    if (PendingNames.secretOf(name).isEmpty()) {
      return false;
    }
    try {
      return PendingNames.rotation(store.get(name, Duration.ZERO).value())
          .filter(PendingNames.NOTHING::equals)
          .isPresent();
    } catch (SecretException e) {
      return false; // not in this store
    }
  }
}
