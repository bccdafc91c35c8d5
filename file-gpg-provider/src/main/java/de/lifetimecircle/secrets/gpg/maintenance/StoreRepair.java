package de.lifetimecircle.secrets.gpg.maintenance;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.files.DurableFiles;
import de.lifetimecircle.secrets.gpg.files.Sha256;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.files.StoreTransaction;
import de.lifetimecircle.secrets.gpg.index.IndexEntry;
import de.lifetimecircle.secrets.gpg.index.IndexRoot;
import de.lifetimecircle.secrets.gpg.index.IndexRoot.Bucket;
import de.lifetimecircle.secrets.gpg.index.RollbackGuard;
import de.lifetimecircle.secrets.gpg.index.StoreIndex;
import de.lifetimecircle.secrets.gpg.index.UnlistedFiles;
import de.lifetimecircle.secrets.gpg.session.StoreSession;
import de.lifetimecircle.secrets.spi.StoreFailure;
import de.lifetimecircle.secrets.spi.StoreReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Rebuilds the index of a store from the signed manifests. Used once, by the thread that holds the
 * lock.
 *
 * <p>A manifest proves its content, but not that it is the newest: the plan lists everything that
 * only the index could prove. The old index goes to {@code .fgp/aside} before the new root takes
 * its place, which is the one step that counts; a repair that was interrupted before it can run
 * again.
 */
final class StoreRepair {
  private final StoreSession session;
  private final DurableFiles files;
  private final RollbackGuard highWater;
  private final StoreFindings findings = new StoreFindings();
  private final RepairSources sources;

  StoreRepair(StoreSession session, RollbackGuard highWater) {
    this.session = session;
    this.files = session.files();
    this.highWater = highWater;
    this.sources = new RepairSources(session, findings);
  }

  RepairPlan plan() throws IOException {
    sources.read();
    IndexRoot root = sources.root();
    Optional<RollbackGuard.Mark> mark = highWater.remembered();
    IndexRebuild names = new IndexRebuild(session, sources, findings);
    names.read(root != null ? root.storeId() : mark.map(RollbackGuard.Mark::storeId).orElse(null));
    String storeId = names.storeId();
    requireOwnMark(mark, storeId);
    long generation = sources.nextGeneration(mark.map(RollbackGuard.Mark::generation).orElse(0L));
    SortedMap<String, byte[]> written = new TreeMap<>();
    SortedMap<String, Bucket> buckets = buckets(names.entries(), generation, written);
    boolean older = isOlder(root, mark);
    RecipientRecovery lost = new RecipientRecovery(session, findings, names.manifests());
    IndexRoot next =
        root != null
            ? new IndexRoot(
                storeId, generation, root.epoch(), root.settling(), "", root.recipients(), buckets)
            : lost.root(storeId, generation, buckets);
    List<String> aside = new ArrayList<>(sources.inTheWay());
    aside.addAll(names.inTheWay());
    boolean needed = !sources.isWhole() || older || !written.isEmpty() || !aside.isEmpty();
    if (needed) {
      requireOwnKey(next);
    }
    return new RepairPlan(
        next,
        written,
        lost.restored(),
        sources.rootBytes(),
        aside,
        root == null,
        needed,
        report(names, next, aside));
  }

  private void requireOwnKey(IndexRoot next) {
    String own = session.trust().ownFingerprint();
    if (!next.hasRecipient(own)) {
      throw StoreFailure.of(
          Kind.ACCESS_DENIED,
          "the signed index does not list our own key " + own + " among the recipients",
          "Let a recipient repair the store: " + String.join(" ", next.fingerprints()));
    }
  }

  private boolean isOlder(@Nullable IndexRoot root, Optional<RollbackGuard.Mark> mark) {
    if (root == null || mark.isEmpty() || mark.get().generation() <= root.generation()) {
      return false;
    }
    findings.unproved(
        StoreLayout.INDEX,
        "is older than the high-water mark (generation "
            + root.generation()
            + " after "
            + mark.get().generation()
            + "): what was stored between them is not in it");
    return true;
  }

  private static void requireOwnMark(Optional<RollbackGuard.Mark> mark, String storeId) {
    if (mark.isPresent() && !mark.get().storeId().equals(storeId)) {
      throw StoreFailure.of(
          Kind.CONFIGURATION,
          "gpg.high-water-file remembers another store",
          "Check gpg.store, or name another gpg.high-water-file");
    }
  }

  /** Returns the parts of the index; unchanged parts keep their files. */
  private SortedMap<String, Bucket> buckets(
      SortedMap<String, IndexEntry> entries, long generation, SortedMap<String, byte[]> written)
      throws IOException {
    SortedMap<String, SortedMap<String, IndexEntry>> parts = new TreeMap<>();
    entries.forEach(
        (name, entry) ->
            parts
                .computeIfAbsent(StoreLayout.bucketOf(name), key -> new TreeMap<>())
                .put(name, entry));
    IndexRoot root = sources.root();
    SortedMap<String, Bucket> buckets = new TreeMap<>();
    for (Map.Entry<String, SortedMap<String, IndexEntry>> part : parts.entrySet()) {
      byte[] bytes = IndexEntry.toBytes(part.getValue());
      Bucket before = root == null ? null : root.buckets().get(part.getKey());
      if (before != null && isOnDisk(part.getKey(), before, bytes)) {
        buckets.put(part.getKey(), before);
      } else {
        written.put(part.getKey(), bytes);
        buckets.put(part.getKey(), new Bucket(generation, Sha256.hex(bytes)));
      }
    }
    return buckets;
  }

  private boolean isOnDisk(String part, Bucket bucket, byte[] bytes) throws IOException {
    String name = StoreLayout.bucket(part, bucket.generation());
    byte[] file = files.readOwn(name, StoreIndex.MAX_BUCKET);
    return bucket.sha256().equals(Sha256.hex(bytes)) && Arrays.equals(file, bytes);
  }

  private StoreReport report(IndexRebuild names, IndexRoot next, List<String> aside) {
    findings.fact("store", files.root());
    names.addFacts();
    findings.fact("generation", next.generation());
    findings.fact("recipients", String.join(" ", next.fingerprints()));
    findings.fact("kept aside", StoreLayout.ASIDE);
    findings.fact("plan", digest(next, aside));
    return findings.report();
  }

  /**
   * Returns a digest of everything the plan writes, so that a repair does exactly what it showed or
   * nothing: the parts of the index name each manifest by its hash.
   */
  private static String digest(IndexRoot next, List<String> aside) {
    return Sha256.hex(
        String.join(
            "\n",
            List.of(next.buckets().toString(), next.recipients().toString(), aside.toString())));
  }

  /** Carries out the plan, if it is still the one that was approved. */
  StoreReport apply(StoreReport agreed) throws IOException {
    RepairPlan plan = plan();
    if (!plan.report().equals(agreed)) {
      throw StoreFailure.of(
          Kind.CONFLICT,
          "the store has changed since the plan was made",
          "Run 'secrets store repair' again and read the new plan");
    }
    if (!plan.needed()) {
      return plan.report();
    }
    for (String file : plan.aside()) {
      files.moveAside(file);
    }
    StoreTransaction transaction = new StoreTransaction(files, "");
    keepOld(plan, transaction);
    IndexRoot next = plan.next();
    if (plan.recipientsLost()) {
      session.recipients().stageGpgId(transaction, next);
      plan.certificates().forEach(transaction::replace);
    }
    for (Map.Entry<String, byte[]> bucket : plan.buckets().entrySet()) {
      session
          .index()
          .stageBucket(
              transaction,
              StoreLayout.bucket(bucket.getKey(), next.generation()),
              bucket.getValue());
    }
    StoreIndex.Staged staged = session.index().stage(transaction, next);
    transaction.run();
    highWater.observe(next, Sha256.hex(staged.bytes()));
    return plan.report();
  }

  private void keepOld(RepairPlan plan, StoreTransaction transaction) throws IOException {
    if (plan.before() != null) {
      transaction.replace(StoreLayout.aside(StoreLayout.INDEX), plan.before());
    }
    List<String> old = new ArrayList<>();
    if (plan.recipientsLost()) {
      old.add(StoreLayout.GPG_ID);
      old.add(StoreLayout.GPG_ID_SIGNATURE);
      old.addAll(plan.certificates().keySet());
    }
    UnlistedFiles.buckets(files).entrySet().stream()
        .filter(part -> plan.buckets().containsKey(part.getKey()))
        .flatMap(part -> part.getValue().stream().map(at -> StoreLayout.bucket(part.getKey(), at)))
        .forEach(old::add);
    for (String file : old) {
      byte[] bytes = files.readOwn(file, StoreIndex.MAX_BUCKET);
      if (bytes != null) {
        transaction.replace(StoreLayout.aside(file), bytes);
      } else if (files.exists(file)) {
        files.moveAside(file);
      }
    }
  }
}
