package de.lifetimecircle.secrets.vault.store;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.StoreFailure;
import de.lifetimecircle.secrets.spi.StoredSecret;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The operations of one version of the KV engine. Stateless or safe for use by several threads. */
interface KvEngine {
  /** Returns the engine's capabilities. */
  Set<Capability> capabilities();

  /** Reads the current version. */
  StoredSecret fetch(Call call, SecretLocation location);

  /** Facts for people, without the value. */
  Map<String, String> describe(Call call, SecretLocation location);

  /** Names below a folder that begin with the prefix, unsorted. */
  List<String> list(Call call, String prefix);

  /** Writes. */
  PutResult put(Call call, SecretLocation location, PutRequest request);

  /** Deletes. */
  void delete(Call call, String path);

  /** Reads one version. */
  default StoredSecret fetchVersion(Call call, SecretLocation location, String version) {
    throw unsupported("versions");
  }

  /** All versions, newest first. */
  default List<SecretVersion> versions(Call call, SecretLocation location) {
    throw unsupported("versions");
  }

  /** Deletes a version that is not current, with all older ones. */
  default void retire(Call call, String path, String version) {
    throw unsupported("versions");
  }

  /** Restores a deleted secret. */
  default void restore(Call call, String path) {
    throw unsupported("restore");
  }

  /** Removes a deleted secret. */
  default void purge(Call call, String path) {
    throw unsupported("purge");
  }

  /** Where a value is. */
  record SecretLocation(String path, Fields fields) {}

  /** Creates the failure for an ability that the engine lacks. */
  static StoreFailure unsupported(String what) {
    return StoreFailure.of(
        Kind.UNSUPPORTED,
        "this KV engine has no " + what,
        "Do without, or use an engine of KV version 2 where that has it");
  }

  /** Creates the failure for a selected field that is missing. */
  static StoreFailure noField(Fields fields) {
    return StoreFailure.of(
        Kind.NOT_FOUND,
        "the secret has no field '" + fields.field() + "'",
        "Check vault.field, or the part of the name that selects a field");
  }
}
