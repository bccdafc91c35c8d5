package de.lifetimecircle.secrets.cli.secret;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.inventory.FreshRead;
import java.time.Duration;
import java.util.Optional;

/**
 * A secret as a command has read it, or its absence, which the command writes only if it has not
 * changed since. A backend without conditional writes, such as Key Vault, is asked again just
 * before the write instead. Used by one thread; blocks for the store.
 *
 * @param secret the secret as it was read; empty if there was none
 */
record ConditionalWrite(SecretWriter writer, String stored, Optional<Secret> secret) {
  /** Asks the backend for the secret now. */
  static ConditionalWrite read(SecretWriter writer, String stored) {
    return new ConditionalWrite(writer, stored, FreshRead.find(writer.provider(), stored));
  }

  /**
   * Asks the backend for a secret that must exist.
   *
   * @throws SecretException {@code NOT_FOUND} if it does not
   */
  static ConditionalWrite existing(SecretWriter writer, String stored) {
    Secret now = writer.provider().get(stored, Duration.ZERO);
    return new ConditionalWrite(writer, stored, Optional.of(now));
  }

  /**
   * Writes a value.
   *
   * @throws SecretException {@code CONFLICT} if another writer has created, changed or deleted the
   *     secret since it was read
   */
  PutResult write(SecretValue value) {
    try {
      return secret.isPresent()
          ? writer.putIfVersion(stored, secret.get().version(), value)
          : writer.create(stored, value);
    } catch (SecretException e) {
      if (e.kind() == SecretException.Kind.CONFLICT
          && secret.isEmpty()
          && FreshRead.find(writer.provider(), stored).isEmpty()) {
        // The name is there without a value, as a secret that Terraform made: nothing is replaced.
        return writer.put(stored, value);
      }
      if (e.kind() != SecretException.Kind.UNSUPPORTED) {
        throw e;
      }
      if (!FreshRead.find(writer.provider(), stored)
          .map(Secret::version)
          .equals(secret.map(Secret::version))) {
        throw SecretException.of(SecretException.Kind.CONFLICT, "store secret")
            .name(stored)
            .reason("another writer has changed it since this command read it")
            .advice("Run the command again")
            .build();
      }
      return writer.put(stored, value);
    }
  }
}
