package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.SecretStore;
import java.util.Optional;
import java.util.Set;

/**
 * Where a store keeps a new value before it is served, and how it comes to be served. Every method
 * can be repeated after a crash in the middle of it. Blocks for the backend.
 */
interface PendingStore {
  /** The way of the writer's backend. */
  static PendingStore of(SecretWriter writer) {
    Set<Capability> can =
        writer.unwrap(SecretStore.class).map(SecretStore::capabilities).orElse(Set.of());
    if (!can.contains(Capability.VERSIONS) || !can.contains(Capability.WRITE)) {
      throw SecretException.of(SecretException.Kind.UNSUPPORTED, "rotate secrets")
          .reason("this backend keeps no versions, so there would be no way back")
          .advice("Use a backend with versions, such as KV version 2 of Vault")
          .build();
    }
    return can.contains(Capability.STAGES)
        ? new StagedPendingStore(writer)
        : new SiblingPendingStore(writer, can.contains(Capability.PUT_IF_VERSION));
  }

  /** Whose value is pending there, in words, if it is of another rotation. */
  Optional<String> foreign(String stored, String rotation);

  /** The version that this rotation has kept there, if a crash came before its journal knew. */
  Optional<String> kept(String stored, String rotation);

  /** Keeps a value; the id of the version that has it. */
  String keep(String stored, String rotation, String by, SecretValue value);

  /** The kept value; the caller closes it. */
  SecretValue value(VersionChange change);

  /**
   * Serves the kept value; the id of the version that is served then.
   *
   * @throws SecretException {@code CONFLICT} if somebody else has changed what is served
   */
  String promote(VersionChange change);

  /**
   * Serves the old version again, which has that value; the id of the version that is served then.
   *
   * @throws SecretException {@code CONFLICT} if somebody else has changed what is served
   */
  String restore(VersionChange change, SecretValue old);

  /** Whether the kept value is what is served now. */
  boolean isServed(VersionChange change);

  /** Keeps the value no longer, if it is this rotation's. */
  void clear(VersionChange change);

  /** Keeps nothing there any longer, whoever's it is; whether anything was there. */
  boolean clearAny(String stored);

  /** Lets the old version be accepted no longer, where the backend can say so. */
  void retire(VersionChange change);

  /** Somebody changed what is served while the rotation ran. */
  static SecretException changedMeanwhile(String stored, String now) {
    return SecretException.of(SecretException.Kind.CONFLICT, "go on with the rotation of secret")
        .name(stored)
        .reason("somebody else has changed it: version " + now + " is served now")
        .advice("Find out who, then give this rotation up with --abandon")
        .build();
  }
}
