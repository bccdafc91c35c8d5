package de.lifetimecircle.secrets.agent.dialect;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.agent.reads.AuthorizedReads;
import de.lifetimecircle.secrets.agent.rules.Caller;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Reads secrets as the KV engine of version 2 would answer. Safe for use by several threads. */
record VaultReading(AuthorizedReads reads) {
  /** The memory that a version in a list takes, until the answer is written. */
  private static final long VERSION = 512;

  /** The same for a name, besides its characters, which are in texts and in bytes. */
  private static final long NAME = 64;

  /**
   * A version with its number.
   *
   * @param secret the version
   * @param number its number
   */
  record Numbered(Secret secret, long number) {
    /** Returns the facts beside the value. */
    Map<String, Object> metadata() {
      return facts(secret.created().orElse(Instant.EPOCH), "", number);
    }
  }

  private static Numbered numbered(Secret secret) {
    return new Numbered(secret, VaultNumbers.of(secret.version(), secret.created()));
  }

  /** KV v2 has a time for each version; one that the backend does not know comes first. */
  private static Instant noTime(Secret unused) {
    return Instant.EPOCH;
  }

  Numbered current(Caller caller, String name) {
    return numbered(reads.current(caller, name));
  }

  /**
   * Returns the version with that number. The current one comes from the cache; for another one the
   * backend is asked which versions there are.
   *
   * @throws SecretException {@code VERSION_NOT_FOUND} if the backend answers that there is none
   */
  Numbered version(Caller caller, String name, long number) {
    return reads.lookUp(caller, name, lookup -> version(lookup, name, number), Numbered::secret);
  }

  private static Numbered version(AuthorizedReads.Lookup lookup, String name, long number) {
    Numbered current = numbered(lookup.current());
    if (current.number() == number) {
      return current;
    }
    SecretVersion version =
        VaultNumbers.byNumber(lookup.versionsOrCurrent(VaultReading::noTime)).get(number);
    if (version == null) { // the list may be a second old
      version = VaultNumbers.byNumber(lookup.versionsNow(VaultReading::noTime)).get(number);
    }
    if (version == null) {
      throw SecretException.of(Kind.VERSION_NOT_FOUND, "fetch a version of secret")
          .name(name)
          .reason("it has no version " + number)
          .advice("Leave 'version' out to get the current one")
          .build();
    }
    return new Numbered(lookup.version(version.id()), number);
  }

  /** Returns what {@code GET MOUNT/metadata/PATH} tells. */
  Map<String, Object> metadata(Caller caller, String name) {
    Map<Long, SecretVersion> versions =
        VaultNumbers.byNumber(reads.versionsOrCurrent(caller, name, VaultReading::noTime));
    caller.room().require(VERSION * versions.size());
    long current = numberOf(versions, Stage.CURRENT);
    long previous = numberOf(versions, Stage.PREVIOUS);
    Map<String, Object> states = new LinkedHashMap<>();
    Instant oldest = Instant.MAX;
    Instant newest = Instant.EPOCH;
    for (Map.Entry<Long, SecretVersion> entry : versions.entrySet()) {
      Instant created = entry.getValue().created();
      oldest = created.isBefore(oldest) ? created : oldest;
      newest = created.isAfter(newest) ? created : newest;
      // KV v2 has no stages: its clients take the highest live number but the current one for the
      // previous version. One that is neither must not be live there, or they would accept it.
      boolean isMistakable = entry.getKey() != current && entry.getKey() > previous;
      states.put(
          String.valueOf(entry.getKey()),
          state(created.toString(), isMistakable ? created.toString() : ""));
    }
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("cas_required", false);
    facts.put("created_time", (versions.isEmpty() ? Instant.EPOCH : oldest).toString());
    facts.put("current_version", current);
    facts.put("custom_metadata", null);
    facts.put("delete_version_after", "0s");
    facts.put("max_versions", 0);
    facts.put("oldest_version", versions.keySet().stream().min(Long::compare).orElse(0L));
    facts.put("updated_time", newest.toString());
    facts.put("versions", states);
    return facts;
  }

  /** Returns the number of the version with that stage; 0 if there is none. */
  private static long numberOf(Map<Long, SecretVersion> versions, Stage stage) {
    return versions.entrySet().stream()
        .filter(entry -> entry.getValue().stages().contains(stage))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(0L);
  }

  /** Returns what Vault says about a version beside its value. */
  static Map<String, Object> facts(Instant created, String deleted, long number) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("created_time", created.toString());
    facts.put("custom_metadata", null);
    facts.put("deletion_time", deleted);
    facts.put("destroyed", false);
    facts.put("version", number);
    return facts;
  }

  private static Map<String, Object> state(String created, String deleted) {
    return Map.of("created_time", created, "deletion_time", deleted, "destroyed", false);
  }

  /**
   * Returns the facts of a secret that is deleted and can be restored. The backend tells no version
   * of it then, so the only one is called 1.
   */
  static Map<String, Object> deletedMetadata(Instant now) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("current_version", 1);
    facts.put("oldest_version", 1);
    facts.put("versions", Map.of("1", state(Instant.EPOCH.toString(), now.toString())));
    return facts;
  }

  /** Returns the entries of a folder as Vault lists them: names, and folders with a slash. */
  List<String> entries(Caller caller, String path) {
    String folder = path.isEmpty() || path.endsWith("/") ? path : path + "/";
    List<String> names = reads.names(caller, folder);
    caller.room().require(names.stream().mapToLong(name -> NAME + 4L * name.length()).sum());
    TreeSet<String> entries = new TreeSet<>();
    for (String name : names) {
      String rest = name.substring(folder.length());
      int slash = rest.indexOf('/');
      entries.add(slash < 0 ? rest : rest.substring(0, slash + 1));
    }
    return new ArrayList<>(entries);
  }
}
