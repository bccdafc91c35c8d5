package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.SecretStore;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps a new value in the store before it is served, and then serves it. Every method can be
 * repeated after a crash in the middle of it. Blocks for the backend.
 */
interface PendingStore {
  /** Returns the form that suits the writer's backend. */
  static PendingStore of(SecretWriter writer) {
    Set<Capability> can =
        writer.unwrap(SecretStore.class).map(SecretStore::capabilities).orElse(Set.of());
    if (!suits(can)) {
      throw SecretException.of(SecretException.Kind.UNSUPPORTED, "rotate secrets")
          .reason("this backend keeps no versions, so there would be no way back")
          .advice("Use a backend with versions, such as KV version 2 of Vault")
          .build();
    }
    return can.contains(Capability.STAGES)
        ? new StagedPendingStore(writer)
        : new SiblingPendingStore(writer, can.contains(Capability.PUT_IF_VERSION));
  }

  /** Returns whether a backend with these capabilities can keep one. */
  static boolean suits(Set<Capability> can) {
    return can.contains(Capability.VERSIONS) && can.contains(Capability.WRITE);
  }

  /** Describes the pending value if it is of another rotation. */
  Optional<String> foreign(String stored, String rotation);

  /** Returns the version of the pending value, whichever rotation it is of. */
  Optional<String> any(String stored);

  /** Returns whether the pending value of this change is still pending. */
  default boolean isPending(VersionChange change) {
    return any(change.stored()).filter(change.pending()::equals).isPresent();
  }

  /**
   * Returns the pending version of this rotation, which a crash may have left out of its journal.
   */
  Optional<String> kept(String stored, String rotation);

  /** Stores a value as pending and returns the id of its version. */
  String keep(String stored, String rotation, String by, SecretValue value);

  /** Returns the pending value; the caller closes it. */
  SecretValue value(VersionChange change);

  /**
   * Serves the pending value and returns the id of the served version.
   *
   * @throws SecretException {@code CONFLICT} if another writer has changed what is served
   */
  String promote(VersionChange change);

  /**
   * Serves the old version with its value again and returns the id of the served version.
   *
   * @throws SecretException {@code CONFLICT} if another writer has changed what is served
   */
  String restore(VersionChange change, SecretValue old);

  /** Returns whether the pending value is served now. */
  boolean isServed(VersionChange change);

  /** Clears the pending value if it is of this rotation. */
  void clear(VersionChange change);

  /** Clears any pending value and returns whether there was one. */
  boolean clearAny(String stored);

  /** Reports that another writer changed the served value while the rotation ran. */
  static SecretException changedMeanwhile(String stored, String now) {
    return SecretException.of(SecretException.Kind.CONFLICT, "continue the rotation of secret")
        .name(stored)
        .reason("another writer has changed it: version " + now + " is served now")
        .advice("Find out who")
        .build();
  }
}
