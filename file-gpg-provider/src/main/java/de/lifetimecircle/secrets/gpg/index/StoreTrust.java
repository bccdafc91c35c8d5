package de.lifetimecircle.secrets.gpg.index;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.config.GpgConfig;
import de.lifetimecircle.secrets.gpg.config.KeySource;
import de.lifetimecircle.secrets.gpg.errors.GpgErrors;
import de.lifetimecircle.secrets.gpg.files.DurableFiles;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.openpgp.PgpCertificate;
import de.lifetimecircle.secrets.gpg.openpgp.PgpCodec;
import de.lifetimecircle.secrets.gpg.openpgp.PgpContent;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure;
import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure.Reason;
import de.lifetimecircle.secrets.gpg.openpgp.PgpIdentity;
import de.lifetimecircle.secrets.gpg.openpgp.PgpSignatures;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides whose signatures count: signs with our key, and accepts only pinned signers.
 *
 * <p>The certificate of another signer comes from the store, where anybody may have put it; it is
 * trusted only because its fingerprint is pinned in the configuration. Safe for use by several
 * threads.
 */
public final class StoreTrust {
  /** The largest signed file: more than a manifest with the most versions and recipients. */
  public static final int MAX_SIGNED = 1024 * 1024;

  /** The reasons that prove damaged bytes, whoever the signer is. */
  private static final Set<Reason> DAMAGE =
      Set.of(Reason.NOT_A_MESSAGE, Reason.DAMAGED, Reason.BAD_SIGNATURE, Reason.TOO_LARGE);

  private static final String OTHERWISE =
      "Let another signer of the store write, or store the values in a new store with a new key";

  private final PgpIdentity identity;
  private final Set<String> pinned;
  private final DurableFiles files;
  private final InstantSource clock;
  private final KeySource source;
  private final OwnCertificate ownCertificate;
  private final Map<String, PgpCertificate> learnt = new ConcurrentHashMap<>();

  /** Signs with that key, and accepts the signers of the configuration. */
  public StoreTrust(PgpIdentity identity, GpgConfig config, DurableFiles files) {
    this.identity = identity;
    this.pinned =
        config.signers().isEmpty()
            ? Set.of(identity.certificate().fingerprint())
            : Set.copyOf(config.signers());
    this.files = files;
    this.clock = config.clock();
    this.source = config.keySource();
    this.ownCertificate = new OwnCertificate(identity, source, files);
  }

  /** Returns the fingerprint of our key. */
  public String ownFingerprint() {
    return identity.certificate().fingerprint();
  }

  /** Returns our certificate, with every update known now. */
  public PgpCertificate ownCertificate() {
    return ownCertificate.current();
  }

  /** Returns why we cannot sign, with advice; empty if we can. */
  public Optional<String> obstacle() {
    try {
      requireWriter();
      return Optional.empty();
    } catch (StoreFailure e) {
      return Optional.of(GpgErrors.sentences(e));
    } catch (PgpFailure e) {
      return Optional.of(e.text() + ".");
    }
  }

  /**
   * Accepts the certificate of a pinned signer from outside the store, whose copy may be too old to
   * verify the index. It counts until the store is closed.
   */
  public void learn(PgpCertificate certificate) {
    if (certificate.fingerprint().equals(ownFingerprint())) {
      identity.learn(certificate);
    } else if (pinned.contains(certificate.fingerprint())) {
      learnt.put(certificate.fingerprint(), certificate);
    }
  }

  /** Returns the time by the clock that signatures are made with. */
  public Instant now() {
    return clock.instant();
  }

  /** Refuses a change that could not be signed, before anything is written. */
  public void requireSigner() {
    if (!identity.canSign()) {
      throw StoreFailure.of(
          Kind.ACCESS_DENIED,
          "the key " + ownFingerprint() + " has no secret signing key, so it can read only",
          "Use a key file that includes a signing key");
    }
    if (!pinned.contains(ownFingerprint())) {
      throw StoreFailure.of(
          Kind.ACCESS_DENIED,
          "gpg.signers does not list our own key " + ownFingerprint(),
          "Add it, here and for every other reader of the store");
    }
    requireValidKey();
    identity.prove();
  }

  /** Refuses a change that may write a value, if we could not sign it or read it again. */
  public void requireWriter() {
    requireSigner();
    identity.requireOpensNew(now());
  }

  private void requireValidKey() {
    Instant now = now();
    PgpCertificate own = ownCertificate.current();
    try {
      identity.signingKey(now);
    } catch (PgpFailure e) {
      String why = e.reason() == Reason.BAD_KEY_FILE ? e.text() : e.why();
      throw StoreFailure.of(
          Kind.DISABLED,
          why + ", so nothing can be signed; what is stored can still be read",
          switch (e.reason()) {
            case EXPIRED_KEY ->
                "Extend it: "
                    + own.extension(now)
                    + " && "
                    + source.exportCommand(ownFingerprint());
            case EARLY_KEY ->
                "Set the clock of this host, which says "
                    + now.truncatedTo(ChronoUnit.SECONDS)
                    + "; if it is right, a wrong one dated the key. "
                    + OTHERWISE;
            default -> OTHERWISE;
          });
    }
  }

  /** Returns the content with our signature. */
  public byte[] sign(byte[] payload) {
    return PgpCodec.sign(payload, identity, clock.instant());
  }

  /** Returns our signature on the content alone. */
  public byte[] signDetached(byte[] payload) {
    return PgpCodec.signDetached(payload, identity, clock.instant());
  }

  /** Returns the payload of a signed file, if a pinned signer signed it. */
  public byte[] verify(String file, byte[] signed) throws IOException {
    try {
      return payload(signed);
    } catch (PgpFailure e) {
      throw refused(file, signed, e);
    }
  }

  /**
   * Does the same for a file that may be damaged. If its bytes are not damaged and this fails, the
   * key that signed them is not accepted, or its certificate is missing.
   *
   * @param whenDamaged takes the reason
   * @return null if the bytes are damaged
   */
  public byte @Nullable [] verify(String file, byte[] signed, Consumer<String> whenDamaged)
      throws IOException {
    try {
      return payload(signed);
    } catch (PgpFailure e) {
      StoreFailure refused = refused(file, signed, e);
      if (!DAMAGE.contains(e.reason())) {
        throw refused;
      }
      whenDamaged.accept(refused.reason());
      return null;
    }
  }

  private byte[] payload(byte[] signed) throws IOException {
    try {
      return PgpCodec.verify(signed, own());
    } catch (PgpFailure e) {
      if (e.reason() != Reason.UNTRUSTED_SIGNER) {
        throw e;
      }
    }
    return PgpCodec.verify(signed, others());
  }

  private StoreFailure refused(String file, byte[] signed, PgpFailure e) throws IOException {
    return e.reason() == Reason.UNTRUSTED_SIGNER
        ? untrusted(file, PgpSignatures.claimedSigner(signed))
        : refused(file, e);
  }

  /** Reports a signature that fits the file, but whose key is not accepted. */
  private StoreFailure refused(String file, PgpFailure e) {
    return switch (e.reason()) {
      case EXPIRED_SIGNER ->
          GpgErrors.corrupt(
              file, e.why(), "If the key was extended, take its new certificate" + renewal(e));
      case REVOKED_SIGNER ->
          GpgErrors.corrupt(
              file,
              e.why(),
              "Whoever has that key can sign anything with any date: take "
                  + e.signer()
                  + " out of gpg.signers, and restore a backup that another signer has signed, or"
                  + " read the values with gpg -d and store them in a new store");
      case UNFIT_SIGNER ->
          GpgErrors.corrupt(
              file, e.why(), "If its certificate was changed since, take it again" + renewal(e));
      default -> GpgErrors.ofFile(file, e);
    };
  }

  /** Returns the pinned signers without a certificate, so that nothing they signed verifies. */
  public List<String> unknownSigners() throws IOException {
    List<String> unknown = new ArrayList<>();
    for (String fingerprint : otherSigners()) {
      try {
        if (other(fingerprint).isEmpty()) {
          unknown.add(fingerprint);
        }
      } catch (StoreFailure e) {
        unknown.add(fingerprint);
      }
    }
    return unknown;
  }

  /** Returns how to take a certificate, after a warning, because only recipients have one here. */
  private String renewal(PgpFailure e) {
    String signer = e.signer();
    return signer.equals(ownFingerprint())
        ? ": " + source.exportCommand(signer)
        : " (then that key can read the store, also if it could not before): gpg --export "
            + signer
            + " > signer.pgp && secrets recipients add signer.pgp";
  }

  /**
   * Reports a signature of a key that is not pinned. It names the primary key, because only that
   * one can be pinned, while the signature itself names the subkey that made it.
   */
  private StoreFailure untrusted(String file, String claimed) throws IOException {
    String primary = primaryOf(claimed);
    String who =
        claimed.isEmpty()
            ? ""
            : primary.isEmpty() || primary.equals(claimed)
                ? ", but says to be by the key " + claimed
                : ", but says to be by the key "
                    + primary
                    + " (its signing subkey "
                    + claimed
                    + ")";
    String pin =
        claimed.isEmpty() || !primary.isEmpty()
            ? "add its fingerprint to gpg.signers"
            : "add the fingerprint of its primary key to gpg.signers, which 'gpg --list-keys "
                + claimed
                + "' shows";
    return GpgErrors.corrupt(
        file,
        "is signed by none of the pinned signers" + who,
        "If that is the key of a person you trust, "
            + pin
            + "; else restore the store from a backup");
  }

  /**
   * Returns the primary key of a signing key, by the certificates in the store; empty if unknown.
   */
  private String primaryOf(String signingKey) throws IOException {
    for (String fileName : signingKey.isEmpty() ? List.<String>of() : certificates()) {
      try {
        byte[] bytes =
            files.read(StoreLayout.CERTIFICATES + "/" + fileName, PgpCertificate.MAX_BYTES);
        PgpCertificate certificate = PgpCertificate.parse(bytes == null ? new byte[0] : bytes);
        if (certificate.hasSigningKey(signingKey, now())) {
          return certificate.fingerprint();
        }
      } catch (PgpFailure | StoreFailure e) {
        // A damaged certificate of another person says nothing about this key.
      }
    }
    return "";
  }

  private List<String> certificates() throws IOException {
    return files.list(StoreLayout.CERTIFICATES);
  }

  /** Returns the pinned signers that are not recipients: a removed recipient can still sign. */
  public List<String> signersBeside(IndexRoot root) {
    return new TreeSet<>(pinned).stream().filter(signer -> !root.hasRecipient(signer)).toList();
  }

  /** Fails unless a pinned signer made the detached signature. */
  public void verifyDetached(String file, byte[] payload, byte[] signature) throws IOException {
    try {
      List<PgpCertificate> all = new ArrayList<>(own());
      all.addAll(others());
      PgpCodec.verifyDetached(payload, signature, all);
    } catch (PgpFailure e) {
      // The signed index says the same as .gpg-id, so whoever signed that file is no obstacle.
      throw refused(file, e).advising(GpgErrors.GPG_ID_ADVICE);
    }
  }

  /**
   * Returns the payload of a signed file without a look at its signature: only for bytes whose hash
   * something signed names.
   */
  public static byte[] unverified(String file, byte[] signed) {
    try {
      return PgpContent.parse(signed).literal();
    } catch (PgpFailure e) {
      throw GpgErrors.ofFile(file, e);
    }
  }

  private List<PgpCertificate> own() {
    return pinned.contains(ownFingerprint()) ? List.of(ownCertificate.current()) : List.of();
  }

  private List<PgpCertificate> others() throws IOException {
    List<PgpCertificate> certificates = new ArrayList<>();
    for (String fingerprint : otherSigners()) {
      other(fingerprint).ifPresent(certificates::add);
    }
    return certificates;
  }

  private SortedSet<String> otherSigners() {
    SortedSet<String> others = new TreeSet<>(pinned);
    others.remove(ownFingerprint());
    return others;
  }

  /** Returns the certificate of another signer, from the store and from outside of it. */
  private Optional<PgpCertificate> other(String fingerprint) throws IOException {
    String file = StoreLayout.certificate(fingerprint);
    byte[] bytes = files.read(file, PgpCertificate.MAX_BYTES);
    Optional<PgpCertificate> known = Optional.ofNullable(learnt.get(fingerprint));
    if (bytes == null) {
      return known;
    }
    PgpCertificate stored = certificate(file, fingerprint, bytes);
    return Optional.of(known.map(stored::joinedWith).orElse(stored));
  }

  /** Parses a certificate, which must have the expected fingerprint. */
  public static PgpCertificate certificate(String file, String fingerprint, byte[] bytes) {
    try {
      PgpCertificate certificate = PgpCertificate.parse(bytes);
      if (certificate.fingerprint().equals(fingerprint)) {
        return certificate;
      }
    } catch (PgpFailure e) {
      throw GpgErrors.ofFile(file, e);
    }
    throw GpgErrors.corrupt(file, "is the certificate of another key");
  }
}
