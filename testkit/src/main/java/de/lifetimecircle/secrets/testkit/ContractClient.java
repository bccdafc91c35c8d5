package de.lifetimecircle.secrets.testkit;

import de.lifetimecircle.secrets.PutResult;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.spi.BatchStore;
import de.lifetimecircle.secrets.spi.DeletableStore;
import de.lifetimecircle.secrets.spi.ListableStore;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.StoredSecret;
import de.lifetimecircle.secrets.spi.VersionedStore;
import de.lifetimecircle.secrets.spi.WritableStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One client of the store under test, in the words of the contract's tests. */
record ContractClient(SecretStore store) {

  WritableStore writes() {
    return (WritableStore) store;
  }

  VersionedStore versioned() {
    return (VersionedStore) store;
  }

  DeletableStore deletes() {
    return (DeletableStore) store;
  }

  PutResult put(String name, String text) {
    try (SecretValue value = SecretValue.of(text)) {
      return writes().put(PutRequest.always(name, value));
    }
  }

  PutResult put(String name, byte[] bytes) {
    try (SecretValue value = SecretValue.of(bytes)) {
      return writes().put(PutRequest.always(name, value));
    }
  }

  PutResult create(String name, String text) {
    try (SecretValue value = SecretValue.of(text)) {
      return writes().put(PutRequest.createOnly(name, value));
    }
  }

  PutResult putIf(String name, String version, String text) {
    try (SecretValue value = SecretValue.of(text)) {
      return writes().put(PutRequest.ifVersion(name, version, value));
    }
  }

  PutResult pending(String name, String text) {
    try (SecretValue value = SecretValue.of(text)) {
      return writes().put(PutRequest.pending(name, value));
    }
  }

  void promote(String name, String version) {
    writes().promote(name, version);
  }

  String text(String name) {
    return textOf(store.fetch(name));
  }

  Instant created(String name) {
    StoredSecret secret = store.fetch(name);
    secret.value().close();
    return secret.created();
  }

  byte[] bytes(String name) {
    StoredSecret secret = store.fetch(name);
    try (SecretValue value = secret.value()) {
      return value.asBytes();
    }
  }

  String textOf(String name, String version) {
    return textOf(versioned().fetchVersion(name, version));
  }

  static String textOf(StoredSecret secret) {
    try (SecretValue value = secret.value()) {
      return value.asString();
    }
  }

  List<SecretVersion> versions(String name) {
    return versioned().versions(name);
  }

  List<String> ids(String name) {
    return versions(name).stream().map(SecretVersion::id).toList();
  }

  /** The id of the version that has the stage. */
  Optional<String> staged(String name, Stage stage) {
    return versions(name).stream()
        .filter(v -> v.stages().contains(stage))
        .map(SecretVersion::id)
        .findFirst();
  }

  List<String> list(String prefix) {
    return ((ListableStore) store).list(prefix);
  }

  Map<String, BatchStore.Answer> fetchAll(List<String> names) {
    return ((BatchStore) store).fetchAll(names);
  }
}
