package de.lifetimecircle.secrets.gpg.store;

import de.lifetimecircle.secrets.gpg.store.SecretManifest.Version;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Lists versions that are unreadable or not encrypted to the current recipients, a sentence for
 * each. Used by one thread.
 */
final class RecipientFindings {
  private final StoreSession session;
  private final List<String> findings = new ArrayList<>();
  private final SortedSet<String> unsure = new TreeSet<>();
  private long outdated;

  RecipientFindings(StoreSession session) {
    this.session = session;
  }

  /** Returns a sentence for each pinned signer that is not a recipient. */
  static List<String> ofSigners(StoreSession session, IndexRoot root) {
    return session.trust().signersBeside(root).stream()
        .map(
            signer ->
                "gpg.signers lists "
                    + signer
                    + ", which is not a recipient: what it signs is still accepted. If it was"
                    + " removed, take it out of gpg.signers, here and for every other reader of the"
                    + " store.")
        .toList();
  }

  /** Returns the findings, the one about an unfinished change first. */
  List<String> list(CallDeadline deadline) throws IOException {
    IndexRoot root = session.read(deadline, this::lookAtAll);
    if (!unsure.isEmpty()) {
      session.underLock(deadline, this::lookAgain);
    }
    if (root.settling()) {
      findings.add(
          0,
          "A change of the recipients is not complete: "
              + outdated
              + " kept versions are encrypted to earlier recipients. If nobody changes them now,"
              + " complete it with 'secrets recipients add FILE', where FILE is the certificate of"
              + " any recipient. Each write does a part of it as well.");
    }
    return findings;
  }

  private IndexRoot lookAtAll(IndexRoot root) throws IOException {
    findings.clear();
    unsure.clear();
    outdated = 0;
    for (Map.Entry<String, IndexEntry> entry : session.index().all(root).entrySet()) {
      long before = outdated;
      if (!entry.getValue().isPurged() && !look(root, entry.getKey()).isEmpty()) {
        outdated = before;
        unsure.add(entry.getKey());
      }
    }
    return root;
  }

  /**
   * A writer may have been at work on the names that looked damaged; under the lock there is none.
   */
  private IndexRoot lookAgain(IndexRoot root) throws IOException {
    for (String name : unsure) {
      findings.addAll(look(root, name));
    }
    return root;
  }

  private List<String> look(IndexRoot root, String name) throws IOException {
    VerifiedSecret view;
    try {
      view = session.examiner().examine(root, name);
    } catch (StoreFailure e) {
      return List.of("Secret '" + name + "': " + GpgErrors.sentences(e));
    }
    List<String> found = new ArrayList<>();
    for (Version version : view.found().map(SecretManifest::versions).orElse(List.of())) {
      String which = "Secret '" + name + "', version " + version.number() + ": ";
      try {
        session.examiner().stored(view, version);
        if (version.epoch() != root.epoch() && root.settling()) {
          outdated++;
        } else if (version.epoch() != root.epoch()) {
          found.add(
              which
                  + "is encrypted to earlier recipients. Run 'secrets recipients add FILE', where"
                  + " FILE is the certificate of any recipient.");
        }
      } catch (StoreFailure e) {
        found.add(which + GpgErrors.sentences(e));
      }
    }
    return found;
  }
}
