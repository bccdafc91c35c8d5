package de.lifetimecircle.secrets.testservers.keyvault;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A name of the test vault with its versions and its life. Guarded by {@link KeyVaultState}.
 *
 * <p>States: {@code ACTIVE -> DELETING -> DELETED -> RECOVERING -> ACTIVE}, or {@code DELETED ->
 * PURGING -> PURGED}. The three that end in -ING end by themselves when their time has come.
 */
final class KeyVaultEntry {
  /** Where a name stands between its first write and its end. */
  enum Phase {
    ACTIVE,
    DELETING,
    DELETED,
    RECOVERING,
    PURGING,
    PURGED
  }

  private final String name;
  private final List<KeyVaultVersion> oldestFirst = new ArrayList<>();
  private Phase phase = Phase.ACTIVE;
  private Instant until = Instant.MAX;
  private Instant deleted = Instant.MAX;

  KeyVaultEntry(String name) {
    this.name = name;
  }

  /** The name as it was first written: case is kept, though it makes no difference. */
  String name() {
    return name;
  }

  Phase phase(Instant now) {
    if (!now.isBefore(until)) {
      until = Instant.MAX;
      phase =
          switch (phase) {
            case DELETING -> Phase.DELETED;
            case RECOVERING -> Phase.ACTIVE;
            case PURGING -> Phase.PURGED;
            default -> phase;
          };
    }
    return phase;
  }

  /** Enters a state that ends by itself. */
  void enter(Phase next, Instant now, Duration lasts) {
    phase = next;
    until = now.plus(lasts);
    if (next == Phase.DELETING) {
      deleted = now;
    }
  }

  /** Another with the same versions, active. */
  KeyVaultEntry copy() {
    KeyVaultEntry copy = new KeyVaultEntry(name);
    copy.oldestFirst.addAll(oldestFirst);
    return copy;
  }

  long deletedSeconds() {
    return deleted.getEpochSecond();
  }

  void add(KeyVaultVersion version) {
    oldestFirst.add(version);
  }

  List<KeyVaultVersion> versions() {
    return List.copyOf(oldestFirst);
  }

  KeyVaultVersion newest() {
    return oldestFirst.get(oldestFirst.size() - 1);
  }

  /** One version; an empty id means the newest. */
  Optional<KeyVaultVersion> version(String id) {
    return id.isEmpty()
        ? Optional.of(newest())
        : oldestFirst.stream().filter(version -> version.id().equals(id)).findFirst();
  }

  void replace(KeyVaultVersion old, KeyVaultVersion changed) {
    oldestFirst.set(oldestFirst.indexOf(old), changed);
  }
}
