package de.lifetimecircle.secrets.gpg.index;

import de.lifetimecircle.secrets.gpg.errors.GpgErrors;
import de.lifetimecircle.secrets.gpg.errors.StoreLog;
import de.lifetimecircle.secrets.gpg.files.DurableFiles;
import de.lifetimecircle.secrets.gpg.files.Sha256;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.files.StoreTransaction;
import de.lifetimecircle.secrets.gpg.index.IndexRoot.Bucket;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The index in two levels: a signed root, and buckets that the root names by their hash.
 *
 * <p>Safe for use by several threads. Verified bytes stay in memory, so a signature is checked once
 * per change and not once per read. The file itself is read each time, so another process's write
 * is seen at once.
 */
public final class StoreIndex {
  public static final int MAX_BUCKET = 4 * 1024 * 1024;

  /**
   * For how many generations a replaced bucket stays, so that a reader, or a copy of the folder,
   * that has seen an older root still finds what that root names.
   */
  static final long KEPT_GENERATIONS = 256;

  private static final long PRUNE_EVERY = 64;

  private record KnownBucket(String sha256, SortedMap<String, IndexEntry> entries) {}

  /** A root and the bytes of its file: on the disk, or about to be published. Immutable. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared; the array stays in this module.
  public record Staged(IndexRoot root, byte[] bytes) {}

  private final DurableFiles files;
  private final StoreTrust trust;
  private final RollbackGuard highWater;
  private final Map<String, KnownBucket> buckets = new ConcurrentHashMap<>();
  private volatile @Nullable Staged known;

  /** The index of the store in those files. */
  public StoreIndex(DurableFiles files, StoreTrust trust, RollbackGuard highWater) {
    this.files = files;
    this.trust = trust;
    this.highWater = highWater;
  }

  /** Returns the root as it is on the disk now. */
  public IndexRoot load() throws IOException {
    byte[] bytes = files.read(StoreLayout.INDEX, StoreTrust.MAX_SIGNED);
    if (bytes == null) {
      DurableFiles.requireFolderOf(files.path(StoreLayout.INDEX));
      throw GpgErrors.corruptIndex(StoreLayout.INDEX, "is gone");
    }
    Staged before = known;
    if (before != null && Arrays.equals(before.bytes(), bytes)) {
      return before.root();
    }
    IndexRoot root = IndexRoot.parse(trust.verify(StoreLayout.INDEX, bytes));
    highWater.observe(root, Sha256.hex(bytes));
    remember(root, bytes);
    return root;
  }

  /**
   * Returns whether a root that {@link #load} gave is the one in these bytes, and the newest known.
   */
  public boolean isOf(IndexRoot root, byte[] bytes) {
    Staged now = known;
    return now != null && now.root().equals(root) && Arrays.equals(now.bytes(), bytes);
  }

  private synchronized void remember(IndexRoot root, byte[] bytes) {
    Staged before = known;
    if (before == null || before.root().generation() < root.generation()) {
      known = new Staged(root, bytes);
    }
  }

  /** Returns the entry of a name. */
  Optional<IndexEntry> entry(IndexRoot root, String name) throws IOException {
    return Optional.ofNullable(bucket(root, StoreLayout.bucketOf(name)).get(name));
  }

  /** Returns the entries of a bucket, by name. */
  public SortedMap<String, IndexEntry> bucket(IndexRoot root, String bucket) throws IOException {
    Bucket expected = root.buckets().get(bucket);
    if (expected == null) {
      return Collections.emptySortedMap();
    }
    KnownBucket before = buckets.get(bucket);
    if (before != null && before.sha256().equals(expected.sha256())) {
      return before.entries();
    }
    String file = StoreLayout.bucket(bucket, expected.generation());
    byte[] bytes = files.read(file, MAX_BUCKET);
    if (bytes == null) {
      throw GpgErrors.corruptIndex(file, "is gone");
    }
    if (!Sha256.hex(bytes).equals(expected.sha256())) {
      throw GpgErrors.corruptIndex(file, "is not the one that " + StoreLayout.INDEX + " names");
    }
    SortedMap<String, IndexEntry> entries = IndexEntry.parse(file, bytes);
    buckets.put(bucket, new KnownBucket(expected.sha256(), entries));
    return entries;
  }

  /** Returns all entries, by name. */
  public SortedMap<String, IndexEntry> all(IndexRoot root) throws IOException {
    SortedMap<String, IndexEntry> all = new TreeMap<>();
    for (String bucket : root.buckets().keySet()) {
      all.putAll(bucket(root, bucket));
    }
    return all;
  }

  /** Returns the entries of all names that are served. */
  public SortedMap<String, IndexEntry> live(IndexRoot root) throws IOException {
    SortedMap<String, IndexEntry> live = all(root);
    live.values().removeIf(entry -> entry.state() != SecretManifest.State.LIVE);
    return live;
  }

  /** Returns the entries of all names but the purged ones, by name. */
  public SortedMap<String, IndexEntry> kept(IndexRoot root) throws IOException {
    SortedMap<String, IndexEntry> kept = all(root);
    kept.values().removeIf(IndexEntry::isPurged);
    return kept;
  }

  /** Adds the files of the next generation, with another entry for one name, to a transaction. */
  public Staged stage(StoreTransaction transaction, IndexRoot root, String name, IndexEntry entry)
      throws IOException {
    String bucket = StoreLayout.bucketOf(name);
    SortedMap<String, IndexEntry> entries = new TreeMap<>(bucket(root, bucket));
    entries.put(name, entry);
    byte[] bytes = IndexEntry.toBytes(entries);
    IndexRoot next = root.withBucket(bucket, new Bucket(root.generation() + 1, Sha256.hex(bytes)));
    stageBucket(transaction, StoreLayout.bucket(bucket, next.generation()), bytes);
    return stage(transaction, next);
  }

  /**
   * Stages a bucket. A file with that name can only exist if the root was rolled back or a writer
   * was interrupted; then it is kept aside as evidence, unless it has the same content.
   */
  public void stageBucket(StoreTransaction transaction, String file, byte[] bytes)
      throws IOException {
    if (files.exists(file) && !Arrays.equals(files.read(file, MAX_BUCKET), bytes)) {
      files.moveAside(file);
    }
    transaction.bucket(file, bytes);
  }

  /** Adds the next root alone to a transaction. */
  public Staged stage(StoreTransaction transaction, IndexRoot next) {
    byte[] signed = trust.sign(next.toBytes());
    transaction.replace(StoreLayout.INDEX, signed);
    return new Staged(next, signed);
  }

  /** Takes over what a transaction has published. */
  public IndexRoot published(Staged staged) throws IOException {
    highWater.observe(staged.root(), Sha256.hex(staged.bytes()));
    remember(staged.root(), staged.bytes());
    if (staged.root().generation() % PRUNE_EVERY == 0) {
      prune(staged.root());
    }
    return staged.root();
  }

  /**
   * Removes buckets that were replaced long ago; called under the lock. A failure only logs,
   * because the change itself is complete.
   */
  private void prune(IndexRoot root) {
    try {
      Map<String, NavigableSet<Long>> generations = UnlistedFiles.buckets(files);
      for (Map.Entry<String, Bucket> named : root.buckets().entrySet()) {
        long replacedBy = named.getValue().generation();
        NavigableSet<Long> all = generations.getOrDefault(named.getKey(), new TreeSet<>());
        for (long older : all.headSet(replacedBy, false).descendingSet()) {
          if (replacedBy <= root.generation() - KEPT_GENERATIONS) {
            files.delete(StoreLayout.bucket(named.getKey(), older));
          }
          replacedBy = older;
        }
      }
    } catch (IOException | StoreFailure e) {
      StoreLog.LOG.log(
          System.Logger.Level.WARNING, "Cannot remove replaced files of the index: {0}", e);
    }
  }
}
