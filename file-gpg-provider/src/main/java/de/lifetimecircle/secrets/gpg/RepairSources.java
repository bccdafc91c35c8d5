package de.lifetimecircle.secrets.gpg;

import de.lifetimecircle.secrets.gpg.Fields.Unfit;
import de.lifetimecircle.secrets.gpg.IndexRoot.Bucket;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is left of the index of a store, and how much of it is proved: a root by its signature, a
 * file of the index by the root that names its hash. A file that no root names is a hint: it says
 * which secrets there were, and anybody may have written it. Used once.
 */
final class RepairSources {
  private final DurableFiles files;
  private final Trust trust;
  private final StoreFindings findings;
  private final SortedMap<String, IndexEntry> entries = new TreeMap<>();
  private final Map<String, String> unnamed = new HashMap<>();
  private @Nullable IndexRoot root;
  private byte @Nullable [] rootBytes;
  private long newestGeneration;
  private boolean bucketsWhole = true;

  RepairSources(DurableFiles files, Trust trust, StoreFindings findings) {
    this.files = files;
    this.trust = trust;
    this.findings = findings;
  }

  void read() throws IOException, StoreProblem {
    rootBytes = files.read(StoreLayout.INDEX, Trust.MAX_SIGNED);
    root = root(rootBytes);
    Map<String, String> newest = newestBuckets();
    IndexRoot proved = root;
    if (proved != null) {
      for (Map.Entry<String, Bucket> bucket : proved.buckets().entrySet()) {
        String file = StoreLayout.bucket(bucket.getKey(), bucket.getValue().generation());
        newest.remove(bucket.getKey());
        if (!readProved(file, bucket.getValue().sha256())) {
          bucketsWhole = false;
          findings.damaged(file, "is gone, or is not the one that " + StoreLayout.INDEX + " names");
          newest.put(bucket.getKey(), newestBuckets().getOrDefault(bucket.getKey(), file));
        }
      }
      newest.keySet().removeIf(key -> !proved.buckets().containsKey(key));
    }
    for (String file : newest.values()) {
      parse(file, files.read(file, StoreIndex.MAX_BUCKET))
          .forEach(
              (name, entry) -> {
                if (entries.putIfAbsent(name, entry) == null) {
                  unnamed.put(name, file);
                }
              });
    }
  }

  private @Nullable IndexRoot root(byte @Nullable [] bytes) throws IOException, StoreProblem {
    if (bytes == null) {
      findings.damaged(StoreLayout.INDEX, "is gone");
      return null;
    }
    try {
      return IndexRoot.parse(trust.verify(StoreLayout.INDEX, bytes));
    } catch (StoreProblem e) {
      findings.damaged(StoreLayout.INDEX, e.reason());
    } catch (Unfit e) {
      findings.damaged(StoreLayout.INDEX, String.valueOf(e.getMessage()));
    }
    return null;
  }

  /** The newest file of each part of the index. */
  private Map<String, String> newestBuckets() throws IOException, StoreProblem {
    Map<String, String> newest = new TreeMap<>();
    for (String fileName : files.list(StoreLayout.BUCKETS)) {
      String file = StoreLayout.BUCKETS + "/" + fileName;
      if (StoreLayout.isBucket(file)) {
        newestGeneration = Math.max(newestGeneration, StoreLayout.generationOf(file));
        newest.merge(
            StoreLayout.bucketIn(file),
            file,
            (a, b) -> StoreLayout.generationOf(a) > StoreLayout.generationOf(b) ? a : b);
      }
    }
    return newest;
  }

  private boolean readProved(String file, String sha256) throws IOException {
    try {
      byte[] bytes = files.read(file, StoreIndex.MAX_BUCKET);
      if (bytes == null || !Sha256.hex(bytes).equals(sha256)) {
        return false;
      }
      entries.putAll(IndexEntry.parse(bytes));
      return true;
    } catch (StoreProblem | Unfit e) {
      return false;
    }
  }

  private static SortedMap<String, IndexEntry> parse(String file, byte @Nullable [] bytes) {
    SortedMap<String, IndexEntry> entries = new TreeMap<>();
    try {
      if (bytes != null) {
        IndexEntry.parse(bytes)
            .forEach(
                (name, entry) -> {
                  boolean here = StoreLayout.bucketOf(name).equals(StoreLayout.bucketIn(file));
                  if (StoreNames.isValid(name) && here) {
                    entries.put(name, entry);
                  }
                });
      }
    } catch (Unfit e) {
      // A damaged hint is no hint.
      return new TreeMap<>();
    }
    return entries;
  }

  /** The signed root; null if it is gone or damaged. */
  @Nullable IndexRoot root() {
    return root;
  }

  /** The bytes at the place of the root, whatever they are. */
  byte @Nullable [] rootBytes() {
    return rootBytes;
  }

  /** Whether every file that the root names is as it says. */
  boolean isWhole() {
    return root != null && bucketsWhole;
  }

  /** What the index says of each name, proved or not. */
  SortedMap<String, IndexEntry> entries() {
    return entries;
  }

  /** Whether the signed root leads to what {@link #entries} says of that name. */
  boolean isProved(String name) {
    return root != null && !unnamed.containsKey(name);
  }

  /** A generation that none before can have reached. */
  long nextGeneration(long mark) {
    IndexRoot known = root;
    if (known != null) {
      return Math.max(Math.max(known.generation(), newestGeneration), mark) + 1;
    }
    // Some changes leave no file that tells their generation: those of the recipients.
    return Math.max(newestGeneration, mark) + 1000;
  }
}
