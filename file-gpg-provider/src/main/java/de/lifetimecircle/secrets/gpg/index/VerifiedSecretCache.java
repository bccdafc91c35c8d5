package de.lifetimecircle.secrets.gpg.index;

import de.lifetimecircle.secrets.gpg.files.DurableFiles;
import de.lifetimecircle.secrets.gpg.files.FileFacts;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Caches verified names, so that a read does not open unchanged files again. Holds no plaintext: of
 * each name the manifest and the encrypted file. Safe for use by several threads.
 *
 * <p>A cached view is reused only if the index, which every call reads, still names the manifest
 * that the view was verified with. So even if the facts of a file hide a change, the value is the
 * one that the index names now, never an older one. A hidden change can only keep damage to the two
 * files from being detected, see docs/adr/0013.
 */
final class VerifiedSecretCache {
  /** The limit for all views together, in bytes; some 20,000 secrets of the usual size. */
  static final int MAX_WEIGHT = 16 * 1024 * 1024;

  private static final int WEIGHT_OF_VERSION = 512;
  private static final int SHARE = 16; // One secret may use at most a sixteenth.

  private record Known(VerifiedSecret view, String storeId, FileFacts manifest, FileFacts file) {}

  private final DurableFiles files;
  private final int maxWeight;
  private final Map<String, Known> names = new ConcurrentHashMap<>();
  private long weight;

  VerifiedSecretCache(DurableFiles files, int maxWeight) {
    this.files = files;
    this.maxWeight = maxWeight;
  }

  /** Returns the view of a name, if the index says the same of it and its files are untouched. */
  Optional<VerifiedSecret> view(IndexRoot root, IndexEntry entry, String name) throws IOException {
    Known known = names.get(name);
    if (known == null
        || !entry.equals(known.view().entry())
        || !root.storeId().equals(known.storeId())) {
      return Optional.empty();
    }
    try {
      String file = StoreLayout.current(name);
      files.requireRealParent(file);
      return files.isStill(StoreLayout.manifest(name), known.manifest())
              && files.isStill(file, known.file())
          ? Optional.of(known.view())
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Keeps a view that is in order, if a later change of its files could not go unnoticed.
   *
   * @param manifest the facts of the manifest from before it was read
   * @param file the facts of {@code NAME.gpg} from before it was read
   * @param now from before either was read
   */
  synchronized void remember(
      VerifiedSecret view, IndexRoot root, FileFacts manifest, FileFacts file, Instant now) {
    // Made first, so that a run that only warms up, with files made just now, loads its class, too.
    Known read = new Known(view, root.storeId(), manifest, file);
    long added = weight(view);
    boolean isSettled = view.isSettled() && manifest.areSettledAt(now) && file.areSettledAt(now);
    if (!isSettled || added > maxWeight / SHARE) {
      return;
    }
    Known before = names.get(view.name());
    weight += added - (before == null ? 0 : weight(before.view()));
    if (weight > maxWeight) {
      names.clear(); // Rare; each comes back with its next read.
      weight = added;
    }
    names.put(view.name(), read);
  }

  private static long weight(VerifiedSecret view) {
    byte[] file = view.file();
    int versions = view.found().map(manifest -> manifest.versions().size()).orElse(0);
    return (file == null ? 0 : file.length) + (versions + 1L) * WEIGHT_OF_VERSION;
  }
}
