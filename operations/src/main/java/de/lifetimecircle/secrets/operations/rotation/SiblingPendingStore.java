package de.lifetimecircle.secrets.operations.rotation;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.operations.inventory.FreshRead;
import de.lifetimecircle.secrets.operations.inventory.PendingNames;
import de.lifetimecircle.secrets.spi.Json;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps pending values in a backend without stages: under a separate name beside the secret's, with
 * the id of the rotation. If nothing is pending, that name says so; it is not deleted, because on
 * Key Vault a deleted name cannot be written again before it is purged.
 *
 * <p>Promotion writes the value as the newest version, on the condition that the old one is served.
 * If the backend has no conditional writes, the served version is checked first.
 */
record SiblingPendingStore(SecretWriter writer, boolean conditions) implements PendingStore {
  /** The content of the separate name. */
  private record Kept(String version, String rotation, String by, String value) {}

  @Override
  public Optional<String> foreign(String stored, String rotation) {
    return foreign(held(stored), rotation);
  }

  @Override
  public Optional<String> any(String stored) {
    return held(stored)
        .filter(kept -> !kept.rotation().equals(PendingNames.NOTHING))
        .map(Kept::version);
  }

  private static Optional<String> foreign(Optional<Kept> held, String rotation) {
    return held.filter(
            kept ->
                !kept.rotation().equals(PendingNames.NOTHING) && !kept.rotation().equals(rotation))
        .map(
            kept ->
                "a value of the rotation " + kept.rotation() + " by " + kept.by() + " is pending");
  }

  @Override
  public Optional<String> kept(String stored, String rotation) {
    return held(stored).filter(kept -> kept.rotation().equals(rotation)).map(Kept::version);
  }

  private SecretProvider provider() {
    return writer.provider();
  }

  private Optional<Kept> held(String stored) {
    return FreshRead.find(provider(), PendingNames.of(stored)).map(SiblingPendingStore::kept);
  }

  private static Kept kept(Secret read) {
    SecretValue value = read.value();
    return new Kept(read.version(), value.json("rotation"), value.json("by"), value.json("value"));
  }

  @Override
  public String keep(String stored, String rotation, String by, SecretValue value) {
    byte[] bytes = value.asBytes();
    String encoded = Base64.getEncoder().encodeToString(bytes);
    Arrays.fill(bytes, (byte) 0);
    Optional<Kept> held = held(stored);
    foreign(held, rotation)
        .ifPresent(
            other -> {
              throw changed(stored, other);
            });
    try (SecretValue document = document(rotation, by, encoded)) {
      return write(PendingNames.of(stored), held.map(Kept::version), document);
    }
  }

  private static SecretException changed(String stored, String other) {
    return SecretException.of(SecretException.Kind.CONFLICT, "rotate secret")
        .name(stored)
        .reason(other)
        .advice("Another process is rotating it; wait, or abandon that rotation where it was begun")
        .build();
  }

  private static SecretValue document(String rotation, String by, String value) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("rotation", rotation);
    document.put("by", by);
    document.put("value", value);
    return SecretValue.of(Json.write(document));
  }

  private String write(String sibling, Optional<String> version, SecretValue document) {
    if (!conditions) {
      return writer.put(sibling, document).version();
    }
    return version.isPresent()
        ? writer.putIfVersion(sibling, version.get(), document).version()
        : writer.create(sibling, document).version();
  }

  @Override
  public SecretValue value(VersionChange change) {
    VersionSelector pending = VersionSelector.id(change.pending());
    Kept kept = kept(provider().get(PendingNames.of(change.stored()), pending));
    byte[] bytes = Base64.getDecoder().decode(kept.value());
    try {
      return SecretValue.of(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  @Override
  public String promote(VersionChange change) {
    Optional<Kept> kept = held(change.stored());
    boolean isPending = kept.filter(k -> k.version().equals(change.pending())).isPresent();
    if (!isPending && !isServed(change)) {
      throw changed(change.stored(), "another value is pending than the one of this rotation");
    }
    try (SecretValue value = value(change)) {
      return serve(change.stored(), change.old(), value);
    }
  }

  @Override
  public String restore(VersionChange change, SecretValue old) {
    return serve(change.stored(), change.fresh(), old);
  }

  private String serve(String stored, String from, SecretValue value) {
    Secret now = provider().get(stored, Duration.ZERO);
    if (now.value().equals(value)) {
      return now.version();
    }
    if (!now.version().equals(from)) {
      throw PendingStore.changedMeanwhile(stored, now.version());
    }
    return conditions
        ? writer.putIfVersion(stored, from, value).version()
        : writer.put(stored, value).version();
  }

  @Override
  public boolean isServed(VersionChange change) {
    Optional<SecretValue> kept = FreshRead.unlessGone(() -> value(change));
    try {
      return kept.isPresent()
          && FreshRead.findUndeleted(provider(), change.stored())
              .filter(now -> kept.get().equals(now.value()))
              .isPresent();
    } finally {
      kept.ifPresent(SecretValue::close);
    }
  }

  @Override
  public void clear(VersionChange change) {
    Optional<Kept> held = held(change.stored());
    if (held.filter(kept -> kept.version().equals(change.pending())).isPresent()) {
      empty(change.stored(), held.map(Kept::version));
    }
  }

  private void empty(String stored, Optional<String> version) {
    try (SecretValue nothing = document(PendingNames.NOTHING, "", "")) {
      String unused = write(PendingNames.of(stored), version, nothing);
    }
  }

  @Override
  public boolean clearAny(String stored) {
    Optional<Kept> held =
        held(stored).filter(kept -> !kept.rotation().equals(PendingNames.NOTHING));
    held.ifPresent(kept -> empty(stored, Optional.of(kept.version())));
    return held.isPresent();
  }
}
