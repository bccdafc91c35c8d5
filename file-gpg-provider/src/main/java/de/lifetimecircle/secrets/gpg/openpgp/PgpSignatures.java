package de.lifetimecircle.secrets.gpg.openpgp;

import de.lifetimecircle.secrets.gpg.openpgp.PgpFailure.Reason;
import de.lifetimecircle.secrets.gpg.openpgp.PgpPackets.Packet;
import de.lifetimecircle.secrets.gpg.openpgp.PgpSelfSignatures.Verdict;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.bcpg.BCPGInputStream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.PacketTags;
import org.bouncycastle.bcpg.sig.IssuerFingerprint;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketVector;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;
import org.jspecify.annotations.Nullable;

/** Makes and checks signatures over binary data. */
public final class PgpSignatures {

  private static final Set<Integer> HASHES =
      Set.of(HashAlgorithmTags.SHA256, HashAlgorithmTags.SHA384, HashAlgorithmTags.SHA512);

  /** More signatures than a message of ours has; each costs a public-key operation. */
  private static final int MAX_SIGNATURES = 32;

  private PgpSignatures() {}

  /** A signature and the packet that announces it in front of an inline-signed payload. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared; the array stays in this package.
  record Made(byte[] onePass, byte[] encoded) {}

  static Made sign(byte[] payload, PgpSigningKey key, Instant now) {
    return BouncyCastleErrors.call(
        Reason.NO_SECRET_KEY,
        "sign with " + PgpCertificate.hex(key.publicKey().getFingerprint()),
        "",
        () -> {
          PGPSignatureGenerator generator =
              new PGPSignatureGenerator(key.signers().get(), key.publicKey());
          generator.init(PGPSignature.BINARY_DOCUMENT, key.privateKey());
          PGPSignatureSubpacketGenerator hashed = new PGPSignatureSubpacketGenerator();
          hashed.setIssuerFingerprint(false, key.publicKey());
          hashed.setSignatureCreationTime(false, Date.from(now));
          generator.setHashedSubpackets(hashed.generate());
          PGPSignatureSubpacketGenerator unhashed = new PGPSignatureSubpacketGenerator();
          unhashed.setIssuerKeyID(false, key.publicKey().getKeyID());
          generator.setUnhashedSubpackets(unhashed.generate());
          byte[] onePass = generator.generateOnePassVersion(false).getEncoded();
          generator.update(payload);
          return new Made(onePass, generator.generate().getEncoded());
        });
  }

  static PGPSignature parse(byte[] encoded) throws PGPException, IOException {
    return new PGPSignature(new BCPGInputStream(new ByteArrayInputStream(encoded)));
  }

  /** Returns the signature packets of a detached signature, binary or armored. */
  static List<byte[]> ofDetached(byte[] signature) {
    if (signature.length > PgpCertificate.MAX_BYTES) {
      throw new PgpFailure(
          Reason.TOO_LARGE,
          "verify",
          "the signature is larger than " + PgpCertificate.MAX_BYTES + " bytes");
    }
    byte[] binary = PgpArmor.SIGNATURE.decode(signature, Reason.NOT_A_MESSAGE);
    List<Packet> packets = PgpPackets.split(binary);
    for (Packet packet : packets) {
      if (packet.tag() != PacketTags.SIGNATURE) {
        throw new PgpFailure(
            Reason.NOT_A_MESSAGE,
            "verify",
            "not a detached signature: it holds packet type " + packet.tag());
      }
    }
    return packets.stream().map(Packet::encoded).toList();
  }

  /**
   * Returns the fingerprint that a signed message names as its signer's, unproved; empty if none.
   */
  public static String claimedSigner(byte[] signedMessage) {
    try {
      for (byte[] encoded : PgpContent.parse(signedMessage).signatures()) {
        PGPSignature signature =
            BouncyCastleErrors.call(
                Reason.BAD_SIGNATURE, "read signature", "", () -> parse(encoded));
        IssuerFingerprint issuer = issuer(signature);
        if (issuer != null) {
          return PgpCertificate.hex(issuer.getFingerprint());
        }
      }
    } catch (PgpFailure e) {
      // It only helps to write a message about a failure that is known already.
    }
    return "";
  }

  /**
   * Returns the fingerprint of the trusted certificate that made one of the signatures. Signatures
   * of others do no harm; without a valid one of a trusted signer this fails.
   */
  static String verify(
      byte[] payload, List<byte[]> signatures, Collection<PgpCertificate> trusted) {
    if (signatures.size() > MAX_SIGNATURES) {
      throw new PgpFailure(
          Reason.TOO_LARGE, "verify", "more than " + MAX_SIGNATURES + " signatures");
    }
    PgpFailure failure = null;
    for (byte[] encoded : signatures) {
      try {
        PGPSignature signature =
            BouncyCastleErrors.call(
                Reason.BAD_SIGNATURE, "verify", "malformed signature", () -> parse(encoded));
        return verify(payload, signature, trusted);
      } catch (PgpFailure e) {
        // A bad signature of a trusted signer says more than one of a stranger.
        failure = failure == null || failure.reason() == Reason.UNTRUSTED_SIGNER ? e : failure;
      }
    }
    throw failure != null
        ? failure
        : new PgpFailure(Reason.UNTRUSTED_SIGNER, "verify", "there is no signature");
  }

  private static String verify(
      byte[] payload, PGPSignature signature, Collection<PgpCertificate> trusted) {
    for (PgpCertificate certificate : trusted) {
      for (PGPPublicKey key : certificate.keys()) {
        if (isIssuer(signature, key)) {
          requireAcceptable(signature);
          requireFits(payload, signature, key, certificate);
          requireMaySign(signature, key, certificate);
          return certificate.fingerprint();
        }
      }
    }
    throw new PgpFailure(
        Reason.UNTRUSTED_SIGNER,
        "verify",
        "the signer is none of the trusted keys",
        "Add the certificate of the signer, if it is known to you");
  }

  /** By the fingerprint under the signature where there is one, as gpg writes it since 2.1. */
  private static boolean isIssuer(PGPSignature signature, PGPPublicKey key) {
    IssuerFingerprint issuer = issuer(signature);
    return issuer == null
        ? signature.getKeyID() == key.getKeyID()
        : Arrays.equals(issuer.getFingerprint(), key.getFingerprint());
  }

  private static @Nullable IssuerFingerprint issuer(PGPSignature signature) {
    PGPSignatureSubpacketVector hashed = signature.getHashedSubPackets();
    return hashed == null ? null : hashed.getIssuerFingerprint();
  }

  private static void requireAcceptable(PGPSignature signature) {
    if (signature.getVersion() != 4
        || signature.getSignatureType() != PGPSignature.BINARY_DOCUMENT
        || signature.getHashedSubPackets() == null
        || signature.getHashedSubPackets().getSignatureCreationTime() == null) {
      throw unaccepted("it is not a dated version 4 signature over binary data");
    }
    if (!HASHES.contains(signature.getHashAlgorithm())) {
      throw new PgpFailure(
          Reason.WEAK_CIPHER, "verify", "the signature's hash is weaker than SHA-256");
    }
    // Whether a signature has expired depends on a clock; ours never expire, so none is accepted.
    if (signature.getHashedSubPackets().getSignatureExpirationTime() != 0) {
      throw unaccepted("it has an expiry time");
    }
  }

  private static void requireMaySign(
      PGPSignature signature, PGPPublicKey key, PgpCertificate certificate) {
    Instant made = signature.getCreationTime().toInstant();
    Verdict verdict = certificate.mayHaveSigned(key, made);
    if (verdict.isPermitted()) {
      return;
    }
    String signer = certificate.fingerprint();
    String subkey = key.isMasterKey() ? "" : " (subkey " + PgpCertificate.hex(key) + ")";
    throw PgpFailure.ofSigner(
        switch (verdict.status()) {
          case EXPIRED -> Reason.EXPIRED_SIGNER;
          case REVOKED -> Reason.REVOKED_SIGNER;
          default -> Reason.UNFIT_SIGNER;
        },
        "was signed at " + made + " by the key " + signer + subkey + ", which " + verdict.why(),
        signer);
  }

  private static void requireFits(
      byte[] payload, PGPSignature signature, PGPPublicKey key, PgpCertificate certificate) {
    boolean fits =
        BouncyCastleErrors.call(
            Reason.BAD_SIGNATURE,
            "verify",
            "the signature of " + certificate.fingerprint() + " is malformed",
            () -> fits(payload, signature, key));
    if (!fits) {
      throw new PgpFailure(
          Reason.BAD_SIGNATURE,
          "verify",
          "the data was changed after " + certificate.fingerprint() + " signed it");
    }
  }

  static boolean fits(byte[] payload, PGPSignature signature, PGPPublicKey key)
      throws PGPException {
    signature.init(new BcPGPContentVerifierBuilderProvider(), key);
    signature.update(payload);
    return signature.verify();
  }

  private static PgpFailure unaccepted(String why) {
    return new PgpFailure(
        Reason.UNACCEPTED_SIGNATURE, "verify", "the signature is not accepted: " + why);
  }
}
