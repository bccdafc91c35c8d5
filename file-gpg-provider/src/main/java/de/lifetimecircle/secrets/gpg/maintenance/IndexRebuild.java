package de.lifetimecircle.secrets.gpg.maintenance;

import de.lifetimecircle.secrets.gpg.config.GpgConfig.ForeignEdits;
import de.lifetimecircle.secrets.gpg.errors.GpgErrors;
import de.lifetimecircle.secrets.gpg.files.DurableFiles;
import de.lifetimecircle.secrets.gpg.files.Sha256;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.index.IndexEntry;
import de.lifetimecircle.secrets.gpg.index.SecretFileVerifier;
import de.lifetimecircle.secrets.gpg.index.SecretManifest;
import de.lifetimecircle.secrets.gpg.index.SecretManifest.State;
import de.lifetimecircle.secrets.gpg.index.SecretManifest.Version;
import de.lifetimecircle.secrets.gpg.index.StoreTrust;
import de.lifetimecircle.secrets.gpg.index.UnlistedFiles;
import de.lifetimecircle.secrets.gpg.index.VerifiedSecret.FileState;
import de.lifetimecircle.secrets.gpg.session.StoreSession;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a rebuilt index, from the signed manifests and the remains of the old index. Used
 * once.
 */
final class IndexRebuild {
  private final StoreSession session;
  private final DurableFiles files;
  private final RepairSources sources;
  private final StoreFindings findings;
  private final SortedMap<String, IndexEntry> entries = new TreeMap<>();
  private final SortedMap<String, SecretManifest> manifests = new TreeMap<>();
  private final Map<String, String> hashes = new HashMap<>();
  private final Set<String> odd = new HashSet<>();
  private final List<String> inTheWay = new ArrayList<>();
  private String storeId = DurableFiles.random();
  private int lost;

  IndexRebuild(StoreSession session, RepairSources sources, StoreFindings findings) {
    this.session = session;
    this.files = session.files();
    this.sources = sources;
    this.findings = findings;
  }

  /** Reads all names; the id of the store is that of most manifests if it is not known. */
  void read(@Nullable String knownStoreId) throws IOException {
    SortedSet<String> names = new TreeSet<>(UnlistedFiles.names(files));
    for (String name : names) {
      readManifest(name);
    }
    storeId = knownStoreId != null ? knownStoreId : mostManifests();
    for (Map.Entry<String, SecretManifest> manifest : List.copyOf(manifests.entrySet())) {
      if (!manifest.getValue().storeId().equals(storeId)) {
        manifests.remove(manifest.getKey());
        refuse(manifest.getKey(), "is of another store");
      }
    }
    names.addAll(sources.entries().keySet());
    for (String name : names) {
      decide(name);
    }
    if (sources.root() == null) {
      findings.unproved(
          StoreLayout.INDEX,
          "was lost, so nothing proves that these manifests are the newest, or that no secret was"
              + " deleted or purged after they were written: "
              + String.join(", ", manifests.keySet()));
    }
  }

  private void readManifest(String name) throws IOException {
    String file = StoreLayout.manifest(name);
    byte[] bytes;
    try {
      bytes = files.read(file, StoreTrust.MAX_SIGNED);
    } catch (StoreFailure e) {
      GpgErrors.requireCorrupt(e);
      odd.add(name);
      findings.damaged(
          file, e.reason() + "; it stays, and its secret is not served. " + GpgErrors.advice(e));
      return;
    }
    if (bytes == null) {
      return;
    }
    readManifest(name, file, bytes);
  }

  private void readManifest(String name, String file, byte[] bytes) throws IOException {
    String hash = Sha256.hex(bytes);
    // A manifest that the signed index names needs no signature of its own, as in a read.
    byte[] payload =
        sources.proves(name, hash)
            ? StoreTrust.unverified(file, bytes)
            : sources.payload(file, bytes, why -> refuse(name, why));
    if (payload == null) {
      return;
    }
    try {
      manifests.put(name, SecretFileVerifier.named(name, payload));
      hashes.put(name, hash);
    } catch (StoreFailure e) {
      refuse(name, e.reason());
    }
  }

  private void refuse(String name, String why) {
    inTheWay.add(StoreLayout.manifest(name));
    findings.damaged(StoreLayout.manifest(name), why + "; it is moved aside");
  }

  private String mostManifests() {
    Map<String, Integer> counts = new TreeMap<>();
    manifests.values().forEach(manifest -> counts.merge(manifest.storeId(), 1, Integer::sum));
    return counts.entrySet().stream()
        .max(Comparator.comparingInt(Map.Entry::getValue))
        .map(Map.Entry::getKey)
        .orElse(storeId);
  }

  private void decide(String name) throws IOException {
    IndexEntry entry = sources.entries().get(name);
    if (odd.contains(name)) {
      // The target of a link may be intact. Keep a proved entry, but never invent one.
      if (entry != null && sources.isProved(name)) {
        entries.put(name, entry);
      }
      return;
    }
    SecretManifest manifest = manifests.get(name);
    if (manifest == null) {
      withoutManifest(name, entry);
      return;
    }
    IndexEntry own = IndexEntry.of(manifest, hashes.getOrDefault(name, ""));
    if (entry != null && entry.isPurged() && manifest.sequence() <= entry.sequence()) {
      if (sources.isProved(name)) {
        entries.put(name, entry);
        findings.unproved(
            StoreLayout.folder(name), "has files of a purged secret; it stays purged");
        manifests.remove(name);
        return;
      }
      findings.unproved(
          name,
          "was purged, says what is left of the index, which nothing proves; its manifest is signed"
              + " and is used. If it was purged, purge it again");
    }
    entries.put(name, own);
    compare(name, manifest, own, entry);
    checkCurrent(manifest);
  }

  private void withoutManifest(String name, @Nullable IndexEntry entry) throws IOException {
    List<String> left = files.list(StoreLayout.folder(name));
    if (entry != null && entry.isPurged()) {
      entries.put(name, entry);
      return;
    }
    String current = StoreLayout.current(name);
    boolean known = entry != null || !left.isEmpty();
    if (known && files.exists(current) && session.config().foreignEdits() == ForeignEdits.REJECT) {
      // No signature proves it, and left in place it would block a new value.
      inTheWay.add(current);
      findings.unproved(current, "is of no signed manifest; it is moved aside");
    }
    if (entry != null) {
      // The numbers continue, so that no new version collides with a file that is left.
      entries.put(name, entry.purged());
      lost++;
      findings.damaged(
          name,
          "is lost: it has no signed manifest. "
              + (!left.isEmpty()
                  ? "Its versions stay in "
                      + StoreLayout.folder(name)
                      + "; read them with gpg -d and store the right one again"
                  : inTheWay.contains(current)
                      ? "Its versions are gone; read the file that is moved to "
                          + StoreLayout.asideFolder(name)
                          + " with gpg -d and store its value again"
                      : "Its versions are gone; restore the store from a backup"));
    } else if (!left.isEmpty()) {
      lost++;
      findings.unproved(
          StoreLayout.folder(name),
          "has versions without a signed manifest, so they are not served; read them with gpg -d");
    }
  }

  private void compare(
      String name, SecretManifest manifest, IndexEntry own, @Nullable IndexEntry entry) {
    String source = sources.isProved(name) ? "the signed index" : "what is left of the index";
    if (entry == null) {
      if (sources.root() != null) {
        findings.unproved(name, source + " does not list it; its manifest is signed and is used");
      }
    } else if (manifest.sequence() < entry.sequence()) {
      findings.unproved(
          name,
          "is older than "
              + source
              + " says (change "
              + manifest.sequence()
              + " of "
              + entry.sequence()
              + "): the changes since are lost, and an older value may be served");
    } else if (manifest.sequence() > entry.sequence()) {
      findings.note(name, "is newer than " + source + " says; the newer one is used");
    } else if (!own.manifest().equals(entry.manifest())) {
      findings.unproved(name, "is another one than " + source + " names; it is signed and is used");
    }
  }

  private void checkCurrent(SecretManifest manifest) throws IOException {
    String file = StoreLayout.current(manifest.name());
    Version current = manifest.currentVersion();
    FileState state = findings.unlessDamaged(file, "", () -> session.examiner().state(manifest));
    String version = current.file(manifest.name());
    Boolean whole =
        findings.unlessDamaged(
            version, "", () -> session.examiner().isWhole(manifest.name(), current));
    if (state == null && files.exists(file)) {
      // A folder that leads elsewhere may hold more than this file.
      files.requireRealParent(file);
      inTheWay.add(file);
      findings.damaged(file, "is no file of this store; it is moved aside");
    } else if (state == FileState.FOREIGN
        && session.config().foreignEdits() == ForeignEdits.REJECT) {
      inTheWay.add(file);
      findings.unproved(file, "is none of the versions of the signed manifest; it is moved aside");
    }
    if (manifest.state() != State.LIVE
        || Boolean.TRUE.equals(whole)
        || state == FileState.AS_STORED) {
      return;
    }
    findings.damaged(
        manifest.name(),
        "its current version "
            + current.number()
            + " is gone or damaged, which no index brings back. Restore "
            + version
            + " from a backup");
  }

  String storeId() {
    return storeId;
  }

  SortedMap<String, IndexEntry> entries() {
    return entries;
  }

  SortedMap<String, SecretManifest> manifests() {
    return manifests;
  }

  /** Files that cannot be trusted and that keep others from being read. */
  List<String> inTheWay() {
    return inTheWay;
  }

  /** Adds to the report how many secrets there are, and of which nothing is signed any more. */
  void addFacts() {
    findings.fact("secrets", count(State.LIVE));
    findings.fact("deleted", count(State.DELETED));
    findings.fact("lost", lost);
  }

  private long count(State state) {
    return manifests.values().stream().filter(manifest -> manifest.state() == state).count();
  }
}
