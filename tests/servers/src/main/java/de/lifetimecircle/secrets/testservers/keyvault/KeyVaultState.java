package de.lifetimecircle.secrets.testservers.keyvault;

import de.lifetimecircle.secrets.testservers.keyvault.KeyVaultEntry.Phase;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The content of the test vault, and the rules for the life of a secret.
 *
 * <p>Safe for use by several threads: every method holds the one lock, so each request is atomic.
 * Names are stored in upper case, because the service sorts its lists this way (seen in the markers
 * of recorded pages).
 */
final class KeyVaultState {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final InstantSource clock;
  private final Delays delays;
  private final NavigableMap<String, KeyVaultEntry> entries = new TreeMap<>();

  private final Map<String, KeyVaultEntry> backups = new HashMap<>();

  /**
   * The delays of the service's background work.
   *
   * @param delete from a delete until the deleted secret shows
   * @param recover from a recover until the secret shows again
   * @param purge from a purge until the name is free
   */
  record Delays(Duration delete, Duration recover, Duration purge) {}

  KeyVaultState(InstantSource clock, Delays delays) {
    this.clock = clock;
    this.delays = delays;
  }

  private static String key(String name) {
    return name.toUpperCase(Locale.ROOT);
  }

  private Phase phase(KeyVaultEntry entry) {
    return entry.phase(clock.instant());
  }

  synchronized void clear() {
    entries.clear();
  }

  /** Adds a version, which is the newest from then on. */
  synchronized KeyVaultVersion set(String name, KeyVaultDraft draft) {
    KeyVaultEntry entry = entries.get(key(name));
    if (entry == null || phase(entry) == Phase.PURGED) {
      entry = new KeyVaultEntry(name);
    } else {
      refuseUnlessActive(entry);
    }
    long now = clock.instant().getEpochSecond();
    String value = draft.value();
    if (value == null) {
      throw KeyVaultRefusal.badParameter("Property value has invalid value");
    }
    KeyVaultVersion blank =
        new KeyVaultVersion(newId(), value, null, null, true, null, null, now, now);
    KeyVaultVersion version = blank.changed(draft, now);
    entry.add(version);
    entries.put(key(name), entry);
    return version;
  }

  private static String newId() {
    byte[] id = new byte[16];
    RANDOM.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  private void refuseUnlessActive(KeyVaultEntry entry) {
    String secret = "Secret " + entry.name() + " is currently ";
    switch (phase(entry)) {
      case DELETING, PURGING ->
          throw KeyVaultRefusal.conflict(
              secret + "being deleted and cannot be re-created; retry later.",
              "ObjectIsBeingDeleted");
      case DELETED ->
          throw KeyVaultRefusal.conflict(
              secret
                  + "in a deleted but recoverable state, and its name cannot be reused; in this"
                  + " state, the secret can only be recovered or purged.",
              "ObjectIsDeletedButRecoverable");
      case RECOVERING ->
          throw KeyVaultRefusal.conflict(
              secret + "being recovered and cannot be re-created; retry later.",
              "ObjectIsBeingRecovered");
      default -> {
        // Active: go on. A purged one never comes here.
      }
    }
  }

  /** The name as it was first written; as it is asked for if it is not there. */
  synchronized String spelling(String name) {
    KeyVaultEntry entry = entries.get(key(name));
    return entry == null ? name : entry.name();
  }

  /** A version that is there, whether enabled or not; an empty id means the newest. */
  synchronized KeyVaultVersion version(String name, String id) {
    return active(name, id).version(id).orElseThrow(() -> missing(name, id));
  }

  private KeyVaultEntry active(String name, String id) {
    KeyVaultEntry entry = entries.get(key(name));
    if (entry == null || phase(entry) != Phase.ACTIVE) {
      throw missing(name, id);
    }
    return entry;
  }

  private static KeyVaultRefusal missing(String name, String id) {
    return KeyVaultRefusal.noSecret(id.isEmpty() ? name : name + "/" + id);
  }

  /** The value's version; refused when that is disabled. */
  synchronized KeyVaultVersion read(String name, String id) {
    return requireEnabled(version(name, id));
  }

  private static KeyVaultVersion requireEnabled(KeyVaultVersion version) {
    if (!version.enabled()) {
      throw KeyVaultRefusal.forbidden(
          "Operation get is not allowed on a disabled secret.", "SecretDisabled");
    }
    return version;
  }

  synchronized KeyVaultVersion change(String name, String id, KeyVaultDraft draft) {
    KeyVaultVersion old = version(name, id);
    KeyVaultVersion changed = old.changed(draft, clock.instant().getEpochSecond());
    active(name, id).replace(old, changed);
    return changed;
  }

  /** The versions after the marker, sorted by id; none for a name that is not there. */
  synchronized KeyVaultPage<KeyVaultVersion> versions(String name, String after, int most) {
    KeyVaultEntry entry = entries.get(key(name));
    NavigableMap<String, KeyVaultVersion> sorted = new TreeMap<>();
    if (entry != null && phase(entry) == Phase.ACTIVE) {
      entry.versions().forEach(version -> sorted.put(version.id(), version));
    }
    return page(sorted, after, most, version -> true);
  }

  synchronized KeyVaultPage<KeyVaultEntry> active(String after, int most) {
    return page(entries, after, most, entry -> phase(entry) == Phase.ACTIVE);
  }

  synchronized KeyVaultPage<KeyVaultEntry> deleted(String after, int most) {
    return page(entries, after, most, entry -> phase(entry) == Phase.DELETED);
  }

  private static <T> KeyVaultPage<T> page(
      NavigableMap<String, T> all, String after, int most, Predicate<T> shown) {
    List<T> items = new ArrayList<>();
    String last = "";
    SortedMap<String, T> rest = after.isEmpty() ? all : all.tailMap(after, false);
    for (Map.Entry<String, T> next : rest.entrySet()) {
      if (!shown.test(next.getValue())) {
        continue;
      }
      if (items.size() == most) {
        return new KeyVaultPage<>(items, last);
      }
      items.add(next.getValue());
      last = next.getKey();
    }
    return new KeyVaultPage<>(items, "");
  }

  synchronized KeyVaultEntry delete(String name) {
    KeyVaultEntry entry = entries.get(key(name));
    if (entry != null && phase(entry) == Phase.RECOVERING) {
      refuseUnlessActive(entry);
    }
    KeyVaultEntry held = active(name, "");
    held.enter(Phase.DELETING, clock.instant(), delays.delete());
    return held;
  }

  /**
   * Returns the metadata of a deleted secret. A disabled one is refused, although no value is read
   * (recorded: service 1.2.265.0, 2021; 1.1.6.0 of 2020 refused it with the code AccessDenied).
   */
  synchronized KeyVaultEntry readDeleted(String name) {
    KeyVaultEntry entry = deleted(name);
    var unused = requireEnabled(entry.newest());
    return entry;
  }

  private KeyVaultEntry deleted(String name) {
    KeyVaultEntry entry = entries.get(key(name));
    if (entry == null || phase(entry) != Phase.DELETED) {
      throw KeyVaultRefusal.noDeletedSecret(name);
    }
    return entry;
  }

  synchronized KeyVaultEntry recover(String name) {
    KeyVaultEntry entry = settled(name);
    entry.enter(Phase.RECOVERING, clock.instant(), delays.recover());
    return entry;
  }

  synchronized void purge(String name) {
    settled(name).enter(Phase.PURGING, clock.instant(), delays.purge());
  }

  private KeyVaultEntry settled(String name) {
    KeyVaultEntry entry = entries.get(key(name));
    if (entry != null && phase(entry) == Phase.DELETING) {
      throw KeyVaultRefusal.conflict("Secret is currently being deleted.", "ObjectIsBeingDeleted");
    }
    return deleted(name);
  }

  /** Enables or disables the newest version of a name that is there, deleted or not. */
  synchronized void enable(String name, boolean enabled) {
    KeyVaultEntry entry = entries.get(key(name));
    if (entry != null) {
      KeyVaultVersion old = entry.newest();
      entry.replace(old, old.enabled(enabled));
    }
  }

  /** Copies all versions, and returns a handle that restores them. */
  synchronized String backup(String name) {
    String handle = newId() + newId();
    backups.put(handle, active(name, "").copy());
    return handle;
  }

  /** Brings a copy back under its name, which must be free. */
  synchronized KeyVaultEntry restore(String handle) {
    KeyVaultEntry copy = backups.get(handle);
    if (copy == null) {
      throw KeyVaultRefusal.badParameter("Backup blob is invalid.");
    }
    KeyVaultEntry held = entries.get(key(copy.name()));
    if (held != null && phase(held) != Phase.PURGED) {
      refuseUnlessActive(held);
      throw KeyVaultRefusal.conflict("Secret " + held.name() + " already exists.", "Conflict");
    }
    KeyVaultEntry restored = copy.copy();
    entries.put(key(copy.name()), restored);
    return restored;
  }

  /** Says how many names there are. */
  @Override
  public synchronized String toString() {
    return "KeyVaultState[" + entries.size() + " names]";
  }
}
