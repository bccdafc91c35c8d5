package de.lifetimecircle.secrets.gpg.maintenance;

import de.lifetimecircle.secrets.gpg.files.DurableFiles;
import de.lifetimecircle.secrets.gpg.files.Sha256;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.index.IndexRoot;
import de.lifetimecircle.secrets.gpg.index.IndexRoot.Bucket;
import de.lifetimecircle.secrets.gpg.index.IndexRoot.Recipient;
import de.lifetimecircle.secrets.gpg.index.SecretManifest;
import de.lifetimecircle.secrets.gpg.index.SecretManifest.Version;
import de.lifetimecircle.secrets.gpg.index.StoreTrust;
import de.lifetimecircle.secrets.gpg.openpgp.PgpCertificate;
import de.lifetimecircle.secrets.gpg.session.FolderRecipients;
import de.lifetimecircle.secrets.gpg.session.StoreSession;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the recipients of a store whose index is lost: those that both the signed {@code .gpg-id}
 * and the newest versions name. Requiring both is the safe side: a removed recipient must not come
 * back, while one left out can be added again. Used once.
 */
final class RecipientRecovery {
  private final StoreSession session;
  private final DurableFiles files;
  private final StoreFindings findings;
  private final List<Version> versions;
  private final SortedMap<String, byte[]> restored = new TreeMap<>();

  RecipientRecovery(
      StoreSession session, StoreFindings findings, Map<String, SecretManifest> manifests) {
    this.session = session;
    this.files = session.files();
    this.findings = findings;
    this.versions =
        manifests.values().stream().flatMap(manifest -> manifest.versions().stream()).toList();
  }

  IndexRoot root(String storeId, long generation, SortedMap<String, Bucket> buckets)
      throws IOException {
    List<Recipient> recipients = new ArrayList<>();
    for (String fingerprint : fingerprints()) {
      byte[] certificate = certificate(fingerprint);
      if (certificate != null) {
        recipients.add(new Recipient(fingerprint, Sha256.hex(certificate)));
      } else {
        findings.damaged(
            StoreLayout.certificate(fingerprint),
            "is gone or damaged, so that recipient is left out. Add it again: secrets recipients"
                + " add FILE");
      }
    }
    long epoch = versions.stream().mapToLong(Version::epoch).max().orElse(1);
    List<String> names = recipients.stream().map(Recipient::fingerprint).toList();
    boolean settled =
        versions.stream().allMatch(v -> v.epoch() == epoch && v.recipients().equals(names));
    return new IndexRoot(
        storeId, generation, settled ? epoch : epoch + 1, !settled, "", recipients, buckets);
  }

  /** Returns the certificate to encrypt to, or null. Ours is known without the store. */
  private byte @Nullable [] certificate(String fingerprint) throws IOException {
    String file = StoreLayout.certificate(fingerprint);
    byte[] stored = plain(file);
    if (stored != null && isOf(fingerprint, stored)) {
      return stored;
    }
    if (!fingerprint.equals(session.trust().ownFingerprint())) {
      return null;
    }
    byte[] own = session.trust().ownCertificate().armored();
    restored.put(file, own);
    findings.damaged(file, "is gone or damaged; it is written again from our key");
    return own;
  }

  private byte @Nullable [] plain(String file) throws IOException {
    return findings.unlessDamaged(file, "", () -> files.read(file, PgpCertificate.MAX_BYTES));
  }

  /** Returns the certificate files that must be written to match the new root. */
  SortedMap<String, byte[]> restored() {
    return restored;
  }

  private static boolean isOf(String fingerprint, byte[] certificate) {
    try {
      StoreTrust.certificate(StoreLayout.certificate(fingerprint), fingerprint, certificate);
      return true;
    } catch (StoreFailure e) {
      return false;
    }
  }

  private List<String> fingerprints() throws IOException {
    String own = session.trust().ownFingerprint();
    Set<String> listed = listed();
    List<String> newest =
        versions.stream()
            .max(Comparator.comparingLong(Version::epoch))
            .map(Version::recipients)
            .orElse(List.copyOf(listed));
    Set<String> both = new LinkedHashSet<>(newest);
    both.retainAll(listed);
    both.add(own);
    Set<String> left = new LinkedHashSet<>(newest);
    left.addAll(listed);
    left.removeAll(both);
    for (String fingerprint : left) {
      findings.unproved(
          StoreLayout.GPG_ID,
          "the recipient "
              + fingerprint
              + " is left out: .gpg-id and the newest versions do not both name it. If it may read"
              + " the store: secrets recipients add FILE");
    }
    return List.copyOf(both);
  }

  /** Returns the fingerprints in {@code .gpg-id}, if a pinned signer signed it. */
  private Set<String> listed() throws IOException {
    byte[] ids = plain(StoreLayout.GPG_ID);
    byte[] signature = plain(StoreLayout.GPG_ID_SIGNATURE);
    if (ids == null || signature == null) {
      findings.damaged(StoreLayout.GPG_ID, "or its signature is gone");
      return Set.of();
    }
    try {
      session.trust().verifyDetached(StoreLayout.GPG_ID_SIGNATURE, ids, signature);
    } catch (StoreFailure e) {
      findings.damaged(StoreLayout.GPG_ID, e.reason());
      return Set.of();
    }
    return new LinkedHashSet<>(FolderRecipients.ids(ids));
  }
}
