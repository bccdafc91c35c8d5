package de.lifetimecircle.secrets.gpg.store;

import de.lifetimecircle.secrets.gpg.errors.GpgErrors;
import de.lifetimecircle.secrets.gpg.index.IndexRoot;
import de.lifetimecircle.secrets.gpg.index.SecretManifest;
import de.lifetimecircle.secrets.gpg.index.SecretManifest.Version;
import de.lifetimecircle.secrets.gpg.index.VerifiedSecret;
import de.lifetimecircle.secrets.gpg.session.StoreSession;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists versions that are unreadable or not encrypted to the current recipients, a sentence for
 * each. Used by one thread.
 */
record RecipientFindings(StoreSession session) {
  /**
   * The findings of one look at a name. Immutable.
   *
   * @param outdated how many versions a change of the recipients has still to encrypt
   * @param settling whether there was such a change at the time
   */
  private record Look(List<String> found, int outdated, boolean settling) {}

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
  List<String> list() throws IOException {
    List<String> findings = new ArrayList<>();
    int outdated = 0;
    boolean settling = session.read(IndexRoot::settling);
    for (String name : session.read(session.index()::kept).keySet()) {
      Look look = session.readTwice(at -> look(at, name), seen -> !seen.found().isEmpty());
      findings.addAll(look.found());
      outdated += look.outdated();
      settling = look.settling(); // The change may have ended since the look before.
    }
    if (settling) {
      findings.add(
          0,
          "A change of the recipients is not complete: "
              + outdated
              + " kept versions are encrypted to earlier recipients. If no other process changes them"
              + " now, complete it with 'secrets recipients add FILE', where FILE is the certificate"
              + " of any recipient. Each write does a part of it as well.");
    }
    return findings;
  }

  private Look look(IndexRoot root, String name) throws IOException {
    List<String> found = new ArrayList<>();
    int outdated = 0;
    VerifiedSecret view;
    try {
      view = session.examiner().examine(root, name);
    } catch (StoreFailure e) {
      return new Look(
          List.of("Secret '" + name + "': " + GpgErrors.sentences(e)), 0, root.settling());
    }
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
    return new Look(found, outdated, root.settling());
  }
}
