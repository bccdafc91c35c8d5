package de.lifetimecircle.secrets.gpg.maintenance;

import de.lifetimecircle.secrets.gpg.errors.GpgErrors;
import de.lifetimecircle.secrets.gpg.errors.ShellWord;
import de.lifetimecircle.secrets.gpg.files.DurableFiles;
import de.lifetimecircle.secrets.gpg.files.Sha256;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.files.StoreNames;
import de.lifetimecircle.secrets.gpg.index.IndexEntry;
import de.lifetimecircle.secrets.gpg.index.IndexRoot;
import de.lifetimecircle.secrets.gpg.index.IndexRoot.Bucket;
import de.lifetimecircle.secrets.gpg.index.StoreIndex;
import de.lifetimecircle.secrets.gpg.index.StoreTrust;
import de.lifetimecircle.secrets.gpg.index.UnlistedFiles;
import de.lifetimecircle.secrets.gpg.session.StoreSession;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The remains of a store's index, and which of them are proved: a root by its signature, a file of
 * the index by the root that names its hash. A file that no root names is only a hint to the names
 * of secrets, because anybody may have written it. Used once.
 */
final class RepairSources {
  private final StoreSession session;
  private final DurableFiles files;
  private final StoreFindings findings;
  private final SortedMap<String, IndexEntry> entries = new TreeMap<>();
  private final List<String> inTheWay = new ArrayList<>();
  private final Set<String> lostParts = new HashSet<>();
  private @Nullable IndexRoot root;
  private byte @Nullable [] rootBytes;
  private long newestGeneration;

  RepairSources(StoreSession session, StoreFindings findings) {
    this.session = session;
    this.files = session.files();
    this.findings = findings;
  }

  void read() throws IOException {
    readRoot();
    SortedMap<String, NavigableSet<Long>> hints = UnlistedFiles.buckets(files);
    newestGeneration = hints.values().stream().mapToLong(NavigableSet::last).max().orElse(0);
    IndexRoot proved = root;
    if (proved != null) {
      for (Map.Entry<String, Bucket> bucket : proved.buckets().entrySet()) {
        String file = StoreLayout.bucket(bucket.getKey(), bucket.getValue().generation());
        if (!readProved(file, bucket.getValue().sha256())) {
          lostParts.add(bucket.getKey());
          findings.damaged(file, "is gone, or is not the one that " + StoreLayout.INDEX + " names");
        }
      }
      hints.keySet().retainAll(lostParts);
    }
    for (Map.Entry<String, NavigableSet<Long>> hint : hints.entrySet()) {
      readHint(hint.getKey(), hint.getValue().descendingSet());
    }
  }

  /** Takes the newest file of a part that can be read. */
  private void readHint(String part, NavigableSet<Long> newestFirst) throws IOException {
    for (long generation : newestFirst) {
      String file = StoreLayout.bucket(part, generation);
      try {
        byte[] bytes = files.read(file, StoreIndex.MAX_BUCKET);
        if (bytes != null) {
          IndexEntry.parse(file, bytes)
              .forEach(
                  (name, entry) -> {
                    if (StoreNames.isValid(name) && StoreLayout.bucketOf(name).equals(part)) {
                      entries.putIfAbsent(name, entry);
                    }
                  });
          return;
        }
      } catch (StoreFailure e) {
        // Skip a damaged hint: an older file of the same part may be readable.
      }
    }
  }

  private void readRoot() throws IOException {
    try {
      rootBytes = files.read(StoreLayout.INDEX, StoreTrust.MAX_SIGNED);
    } catch (StoreFailure e) {
      GpgErrors.requireCorrupt(e);
      inTheWay.add(StoreLayout.INDEX);
      findings.damaged(
          StoreLayout.INDEX,
          e.reason()
              + "; it is moved aside, and proves nothing then. "
              + GpgErrors.advice(e)
              + " if you can");
      return;
    }
    root = root(rootBytes);
  }

  private @Nullable IndexRoot root(byte @Nullable [] bytes) throws IOException {
    if (bytes == null) {
      findings.damaged(StoreLayout.INDEX, "is gone");
      return null;
    }
    byte[] payload =
        payload(StoreLayout.INDEX, bytes, why -> findings.damaged(StoreLayout.INDEX, why));
    try {
      return payload == null ? null : IndexRoot.parse(payload);
    } catch (StoreFailure e) {
      findings.damaged(StoreLayout.INDEX, e.reason());
      return null;
    }
  }

  /**
   * Returns the payload of a file by its own signature; null if its bytes are damaged. If its
   * signer is not accepted, which a person can put right, this fails: no reason to take the file
   * for lost.
   */
  byte @Nullable [] payload(String file, byte[] bytes, Consumer<String> whenDamaged)
      throws IOException {
    try {
      return session.trust().verify(file, bytes, whenDamaged);
    } catch (StoreFailure e) {
      GpgErrors.requireCorrupt(e);
      List<String> unknown = session.trust().unknownSigners();
      String without = session.examiner().moveAway(file);
      throw e.advising(
          (unknown.isEmpty()
                  ? GpgErrors.advice(e)
                  : "Bring back the certificate: " + export(unknown))
              + "; to repair the store without what that file says: "
              + without);
    }
  }

  /** Returns the commands that export the certificates of pinned signers into the store. */
  private String export(List<String> signers) {
    return signers.stream()
        .map(
            signer ->
                "gpg --armor --export "
                    + signer
                    + " > "
                    + ShellWord.quoted(files.path(StoreLayout.certificate(signer)).toString()))
        .collect(Collectors.joining(" && "));
  }

  private boolean readProved(String file, String sha256) throws IOException {
    try {
      byte[] bytes = files.read(file, StoreIndex.MAX_BUCKET);
      if (bytes == null || !Sha256.hex(bytes).equals(sha256)) {
        return false;
      }
      entries.putAll(IndexEntry.parse(file, bytes));
      return true;
    } catch (StoreFailure e) {
      return false;
    }
  }

  /** Returns the signed root; null if it is gone or damaged. */
  @Nullable IndexRoot root() {
    return root;
  }

  /** Returns the bytes at the place of the root, whatever they are. */
  byte @Nullable [] rootBytes() {
    return rootBytes;
  }

  /** Returns the paths of index files that hold something other than a plain file. */
  List<String> inTheWay() {
    return inTheWay;
  }

  /** Returns whether every file that the root names is as it says. */
  boolean isWhole() {
    return root != null && lostParts.isEmpty();
  }

  /** Returns the entry of each name, proved or not. */
  SortedMap<String, IndexEntry> entries() {
    return entries;
  }

  /**
   * Returns whether the signed root proves the entry of that name in {@link #entries}, or its
   * absence.
   */
  boolean isProved(String name) {
    return root != null && !lostParts.contains(StoreLayout.bucketOf(name));
  }

  /** Returns whether the signed root leads to the manifest of that hash. */
  boolean proves(String name, String manifest) {
    IndexEntry entry = entries.get(name);
    return isProved(name) && entry != null && entry.manifest().equals(manifest);
  }

  /** Returns a generation higher than any before. */
  long nextGeneration(long mark) {
    IndexRoot known = root;
    if (known != null) {
      return Math.max(Math.max(known.generation(), newestGeneration), mark) + 1;
    }
    // A margin, because a change of the recipients leaves no file that shows its generation.
    return Math.max(newestGeneration, mark) + 1000;
  }
}
