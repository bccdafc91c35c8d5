package de.lifetimecircle.secrets.gpg;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.PgpFailure.Reason;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Who may say what the store holds: signs with our key, and accepts only pinned signers.
 *
 * <p>The certificate of another signer is read from the store, where anybody may have put it; what
 * makes it trusted is that its fingerprint is pinned in the configuration. Safe for use by several
 * threads.
 */
final class Trust {
  /** More than a manifest with the most versions and recipients. */
  static final int MAX_SIGNED = 1024 * 1024;

  private final PgpIdentity identity;
  private final Set<String> pinned;
  private final DurableFiles files;
  private final InstantSource clock;

  Trust(PgpIdentity identity, Set<String> signers, DurableFiles files, InstantSource clock) {
    this.identity = identity;
    this.pinned =
        signers.isEmpty() ? Set.of(identity.certificate().fingerprint()) : Set.copyOf(signers);
    this.files = files;
    this.clock = clock;
  }

  String ownFingerprint() {
    return identity.certificate().fingerprint();
  }

  boolean canSign() {
    return identity.canSign() && pinned.contains(ownFingerprint());
  }

  /** The time by the clock that signatures are made with. */
  Instant now() {
    return clock.instant();
  }

  /** Refuses a change that could not be signed, before anything is written. */
  void requireSigner() throws StoreProblem {
    if (!identity.canSign()) {
      throw StoreProblem.of(
          Kind.ACCESS_DENIED,
          "the key " + ownFingerprint() + " has no secret signing key, so it can read only",
          "Use a key file that includes a signing key");
    }
    if (!pinned.contains(ownFingerprint())) {
      throw StoreProblem.of(
          Kind.ACCESS_DENIED,
          "gpg.signers does not list our own key " + ownFingerprint(),
          "Add it, here and for every other reader of the store");
    }
  }

  byte[] sign(byte[] payload) throws PgpFailure {
    return PgpCodec.sign(payload, identity, clock.instant());
  }

  byte[] signDetached(byte[] payload) throws PgpFailure {
    return PgpCodec.signDetached(payload, identity, clock.instant());
  }

  /** The payload of a signed file, if a pinned signer signed it. */
  byte[] verify(String file, byte[] signed) throws IOException, StoreProblem {
    try {
      return PgpCodec.verify(signed, own()).payload();
    } catch (PgpFailure e) {
      if (e.reason() != Reason.UNTRUSTED_SIGNER) {
        throw GpgErrors.ofFile(file, e);
      }
    }
    try {
      return PgpCodec.verify(signed, others()).payload();
    } catch (PgpFailure e) {
      throw e.reason() == Reason.UNTRUSTED_SIGNER
          ? untrusted(file, PgpSignatures.claimedSigner(signed))
          : GpgErrors.ofFile(file, e);
    }
  }

  private static StoreProblem untrusted(String file, String claimed) {
    return StoreProblem.corrupt(
        file,
        "is signed by none of the pinned signers"
            + (claimed.isEmpty() ? "" : ", but says to be by the key " + claimed),
        "If that is the key of somebody you trust, add its fingerprint to gpg.signers; else restore"
            + " the store from a backup");
  }

  /** Fails unless a pinned signer made the detached signature. */
  void verifyDetached(String file, byte[] payload, byte[] signature)
      throws IOException, StoreProblem {
    try {
      List<PgpCertificate> all = new ArrayList<>(own());
      all.addAll(others());
      PgpCodec.verifyDetached(payload, signature, all);
    } catch (PgpFailure e) {
      throw GpgErrors.ofFile(file, e);
    }
  }

  /** The payload of a signed file whose bytes are known to be right, by their hash. */
  static byte[] payload(String file, byte[] signed) throws StoreProblem {
    try {
      return PgpContent.parse(signed).literal();
    } catch (PgpFailure e) {
      throw GpgErrors.ofFile(file, e);
    }
  }

  private List<PgpCertificate> own() {
    return pinned.contains(ownFingerprint()) ? List.of(identity.certificate()) : List.of();
  }

  private List<PgpCertificate> others() throws IOException, StoreProblem {
    List<PgpCertificate> certificates = new ArrayList<>();
    for (String fingerprint : pinned) {
      if (!fingerprint.equals(ownFingerprint())) {
        String file = StoreLayout.certificate(fingerprint);
        byte[] bytes = files.read(file, PgpCertificate.MAX_BYTES);
        if (bytes != null) {
          certificates.add(certificate(file, fingerprint, bytes));
        }
      }
    }
    return certificates;
  }

  /** Reads a certificate; it must be the one that its name says. */
  static PgpCertificate certificate(String file, String fingerprint, byte[] bytes)
      throws StoreProblem {
    try {
      PgpCertificate certificate = PgpCertificate.parse(bytes);
      if (certificate.fingerprint().equals(fingerprint)) {
        return certificate;
      }
    } catch (PgpFailure e) {
      throw GpgErrors.ofFile(file, e);
    }
    throw StoreProblem.corrupt(file, "is the certificate of another key");
  }
}
