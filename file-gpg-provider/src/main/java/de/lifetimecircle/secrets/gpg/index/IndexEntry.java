package de.lifetimecircle.secrets.gpg.index;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The entry of one name in the index. Immutable.
 *
 * @param manifest the hash of its manifest, or of the last one before it was purged
 * @param state whether the name is served, deleted or purged
 * @param sequence the number of that manifest; the next one continues from it
 * @param lastVersion the highest number a version ever had, for the same reason
 */
public record IndexEntry(
    String manifest, SecretManifest.State state, long sequence, long lastVersion) {

  /** Returns the entry of a manifest whose file has that hash. */
  public static IndexEntry of(SecretManifest manifest, String hash) {
    return new IndexEntry(hash, manifest.state(), manifest.sequence(), manifest.lastNumber());
  }

  /** Returns the entry after the name was purged. */
  public IndexEntry purged() {
    return new IndexEntry(manifest, SecretManifest.State.PURGED, sequence, lastVersion);
  }

  /** Returns whether the name was purged. */
  public boolean isPurged() {
    return state == SecretManifest.State.PURGED;
  }

  /** Reads a bucket: the entries by name. */
  public static SortedMap<String, IndexEntry> parse(String file, byte[] bytes) {
    SignedFields names = SignedFields.parse(file, bytes).object("names");
    SortedMap<String, IndexEntry> entries = new TreeMap<>();
    for (String name : names.names()) {
      SignedFields entry = names.object(name);
      entries.put(
          name,
          new IndexEntry(
              entry.text("manifest"),
              SecretManifest.State.of(entry),
              entry.number("seq"),
              entry.number("n")));
    }
    return entries;
  }

  /** Returns the file of a bucket with those entries. */
  public static byte[] toBytes(SortedMap<String, IndexEntry> entries) {
    Map<String, Object> names = new LinkedHashMap<>();
    entries.forEach(
        (name, entry) -> {
          Map<String, Object> json = new LinkedHashMap<>();
          json.put("manifest", entry.manifest());
          json.put("state", entry.state().text());
          json.put("seq", entry.sequence());
          json.put("n", entry.lastVersion());
          names.put(name, json);
        });
    return SignedFields.bytes(Map.of("names", names));
  }
}
