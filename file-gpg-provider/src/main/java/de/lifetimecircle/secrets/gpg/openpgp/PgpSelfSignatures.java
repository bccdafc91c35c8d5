package de.lifetimecircle.secrets.gpg.openpgp;

import static org.bouncycastle.bcpg.HashAlgorithmTags.RIPEMD160;
import static org.bouncycastle.bcpg.HashAlgorithmTags.SHA1;
import static org.bouncycastle.bcpg.HashAlgorithmTags.SHA224;
import static org.bouncycastle.bcpg.HashAlgorithmTags.SHA256;
import static org.bouncycastle.bcpg.HashAlgorithmTags.SHA384;
import static org.bouncycastle.bcpg.HashAlgorithmTags.SHA3_256;
import static org.bouncycastle.bcpg.HashAlgorithmTags.SHA3_512;
import static org.bouncycastle.bcpg.HashAlgorithmTags.SHA512;
import static org.bouncycastle.bcpg.PublicKeyAlgorithmTags.ECDH;
import static org.bouncycastle.bcpg.PublicKeyAlgorithmTags.ECDSA;
import static org.bouncycastle.bcpg.PublicKeyAlgorithmTags.EDDSA_LEGACY;
import static org.bouncycastle.bcpg.PublicKeyAlgorithmTags.Ed25519;
import static org.bouncycastle.bcpg.PublicKeyAlgorithmTags.Ed448;
import static org.bouncycastle.bcpg.PublicKeyAlgorithmTags.RSA_ENCRYPT;
import static org.bouncycastle.bcpg.PublicKeyAlgorithmTags.RSA_GENERAL;
import static org.bouncycastle.bcpg.PublicKeyAlgorithmTags.RSA_SIGN;
import static org.bouncycastle.bcpg.PublicKeyAlgorithmTags.X25519;
import static org.bouncycastle.bcpg.PublicKeyAlgorithmTags.X448;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.bouncycastle.bcpg.SignatureSubpacket;
import org.bouncycastle.bcpg.SignatureSubpacketTags;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.bcpg.sig.NotationData;
import org.bouncycastle.bcpg.sig.RevocationReason;
import org.bouncycastle.bcpg.sig.RevocationReasonTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureSubpacketVector;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;
import org.jspecify.annotations.Nullable;

/**
 * The statements of a primary key about itself and its subkeys, and their consequences for
 * signatures over data. Immutable; every signature in it was verified.
 *
 * <p>The newest binding decides, whenever it was made: {@code gpg --quick-set-expire} replaces the
 * binding by a newer one, so a rule that asks for the bindings of the time of a signature finds
 * none for the signatures that are older than the extension. Revocations are never superseded: a
 * hard one (compromised, or no reason given) counts for all signatures, since whoever has the key
 * can date them back; a soft one (superseded, retired) counts from its date.
 */
final class PgpSelfSignatures {

  /** Whether a key may be used at a time; the worst last. */
  enum Status {
    PERMITTED,
    /** Time alone is the obstacle: to extend the key and its primary key helps. */
    EXPIRED,
    /** It did not exist yet. */
    EARLY,
    /** It is not meant for it, or the primary key did not bind it. */
    REFUSED,
    REVOKED
  }

  /**
   * The answer, and the reason for it.
   *
   * @param why continues a sentence that begins with the key: {@code expired at ...}
   */
  record Verdict(Status status, String why) {
    private static final Verdict PERMITTED = new Verdict(Status.PERMITTED, "may sign");

    boolean isPermitted() {
      return status == Status.PERMITTED;
    }
  }

  /**
   * A binding of a key: a certification of a user id, a direct-key signature or a subkey binding.
   *
   * @param lapses when the binding itself ends; null if it does not
   * @param lifetime of the key in seconds from its creation; 0 if it does not expire
   * @param flags what the key is for; empty if it does not say
   * @param crossSigned whether the subkey confirmed the binding
   */
  private record Binding(
      Instant made,
      @Nullable Instant lapses,
      long lifetime,
      Optional<Integer> flags,
      boolean crossSigned) {

    boolean holdsAt(Instant time) {
      return lapses == null || time.isBefore(lapses);
    }

    Instant expiry(PGPPublicKey key) {
      return lifetime == 0 ? Instant.MAX : key.getCreationTime().toInstant().plusSeconds(lifetime);
    }
  }

  private record Revocation(Instant made, boolean hard, String reason) {
    boolean countsAt(Instant time) {
      return hard || !time.isBefore(made);
    }
  }

  /** All that was said about a key or about a user id. */
  private record Statements(List<Binding> bindings, List<Revocation> revocations) {
    private static final Statements NONE = new Statements(List.of(), List.of());

    int count() {
      return bindings.size() + revocations.size();
    }

    /**
     * Returns whether the user id is valid. Unlike a key, it is valid again once it is certified
     * after a soft revocation.
     */
    boolean isUserIdAt(Instant time) {
      return revocations.stream()
          .filter(revocation -> revocation.countsAt(time))
          .allMatch(
              revocation ->
                  !revocation.hard()
                      && bindings.stream().anyMatch(b -> b.made().isAfter(revocation.made())));
    }
  }

  /**
   * From then on no self-signature may have SHA-1. Date, hashes and lengths of keys are those of
   * Bouncy Castle's {@code OpenPGPDefaultPolicy}. That class parses its dates by a {@code
   * SimpleDateFormat}, whose locale and time zones are some 90 classes before the first secret.
   */
  private static final Instant END_OF_SHA1 = Instant.parse("2023-02-01T00:00:00Z");

  private final PGPPublicKey primary;
  private final Statements primaryKey;
  private final List<Statements> userIds = new ArrayList<>();
  private final Map<String, Statements> subkeys = new LinkedHashMap<>();

  PgpSelfSignatures(PGPPublicKeyRing ring) {
    this.primary = ring.getPublicKey();
    this.primaryKey =
        collected(
            primary.getKeySignatures(),
            PGPSignature.KEY_REVOCATION,
            type -> type == PGPSignature.DIRECT_KEY,
            signature -> signature.verifyCertification(primary),
            null);
    for (byte[] id : all(primary.getRawUserIDs())) {
      userIds.add(
          collected(
              primary.getSignaturesForID(id),
              PGPSignature.CERTIFICATION_REVOCATION,
              PGPSignature::isCertification,
              signature -> signature.verifyCertification(id, primary),
              null));
    }
    for (PGPPublicKey key : ring) {
      if (!key.isMasterKey()) {
        subkeys.put(
            PgpCertificate.hex(key),
            collected(
                key.getSignatures(),
                PGPSignature.SUBKEY_REVOCATION,
                type -> type == PGPSignature.SUBKEY_BINDING,
                signature -> signature.verifyCertification(primary, key),
                key));
      }
    }
  }

  /** Returns how many statements there are: a certificate that is brought up to date has more. */
  int count() {
    return primaryKey.count()
        + Stream.concat(userIds.stream(), subkeys.values().stream())
            .mapToInt(Statements::count)
            .sum();
  }

  /** Returns whether the key of this certificate may have signed data at that time. */
  Verdict mayHaveSigned(PGPPublicKey key, Instant time) {
    Verdict verdict = verdict(key, time);
    return verdict.isPermitted() ? requireSigning(key, binding(key, time)) : verdict;
  }

  /** Returns whether messages may be encrypted to the key at that time. */
  Verdict mayEncrypt(PGPPublicKey key, Instant time) {
    boolean meant =
        PgpCertificate.canEncryptTo(key)
            && isStrong(key)
            && binding(key, time)
                .flatMap(Binding::flags)
                .filter(flags -> (flags & PgpCertificate.ENCRYPTS) != 0)
                .isPresent();
    return meant ? verdict(key, time) : refused("is not meant for encryption");
  }

  /**
   * Returns the verdict on the primary key, unless that on the subkey is worse. A subkey that was
   * revoked stays unusable when its expired primary key is extended.
   */
  private Verdict verdict(PGPPublicKey key, Instant time) {
    Verdict ofPrimary = verdict(primary, primaryKey, primaryBinding(time), time);
    if (key.isMasterKey()) {
      return ofPrimary;
    }
    Verdict own = verdict(key, statements(key), binding(key, time), time);
    return own.status().compareTo(ofPrimary.status()) > 0 ? own : ofPrimary;
  }

  /** Returns what was said about a key; nothing about one that is not of this certificate. */
  private Statements statements(PGPPublicKey key) {
    return key.isMasterKey()
        ? primaryKey
        : subkeys.getOrDefault(PgpCertificate.hex(key), Statements.NONE);
  }

  private Optional<Binding> binding(PGPPublicKey key, Instant time) {
    return key.isMasterKey()
        ? primaryBinding(time)
        : newest(statements(key).bindings().stream(), time);
  }

  /** When a key ends by its newest binding; empty if it does not. */
  Optional<Instant> expiry(PGPPublicKey key, Instant at) {
    return binding(key, at).map(b -> b.expiry(key)).filter(end -> !end.equals(Instant.MAX));
  }

  /** Returns whether a key was revoked by that time. */
  boolean isRevoked(PGPPublicKey key, Instant at) {
    return statements(key).revocations().stream().anyMatch(revoked -> revoked.countsAt(at));
  }

  private static Verdict verdict(
      PGPPublicKey key, Statements statements, Optional<Binding> binding, Instant time) {
    Optional<Revocation> revoked =
        statements.revocations().stream()
            .filter(revocation -> revocation.countsAt(time))
            .max(Comparator.comparing(Revocation::hard));
    if (revoked.isPresent()) {
      return new Verdict(
          Status.REVOKED,
          "was revoked at " + revoked.get().made() + " (" + revoked.get().reason() + ")");
    }
    if (time.isBefore(key.getCreationTime().toInstant())) {
      return new Verdict(Status.EARLY, "was only made at " + key.getCreationTime().toInstant());
    }
    if (binding.isEmpty()) {
      return refused("has no valid self-signature in its certificate");
    }
    Instant expiry = binding.get().expiry(key);
    return time.isBefore(expiry)
        ? Verdict.PERMITTED
        : new Verdict(Status.EXPIRED, "expired at " + expiry);
  }

  private Verdict requireSigning(PGPPublicKey key, Optional<Binding> binding) {
    if (!PgpCertificate.canSignWith(key)) {
      return refused("has an algorithm that is not accepted for signatures");
    }
    if (!isStrong(key)) {
      return refused("is too weak");
    }
    boolean signs =
        binding.flatMap(Binding::flags).map(f -> (f & KeyFlags.SIGN_DATA) != 0).orElse(true);
    boolean confirmed = key.isMasterKey() || binding.map(Binding::crossSigned).orElse(false);
    return signs && confirmed ? Verdict.PERMITTED : refused("is not meant for signatures");
  }

  private boolean isStrong(PGPPublicKey key) {
    return isLong(key.getAlgorithm(), key.getBitStrength())
        && isLong(primary.getAlgorithm(), primary.getBitStrength());
  }

  @SuppressWarnings("deprecation") // old keys have the ids of RSA for one purpose
  static boolean isLong(int algorithm, int bits) {
    return switch (algorithm) {
      case RSA_GENERAL, RSA_ENCRYPT, RSA_SIGN -> bits >= 2000;
      case ECDSA, EDDSA_LEGACY, ECDH -> bits >= 250;
      case X25519, X448, Ed25519, Ed448 -> true;
      default -> false;
    };
  }

  private static Verdict refused(String why) {
    return new Verdict(Status.REFUSED, why);
  }

  private Optional<Binding> primaryBinding(Instant time) {
    return newest(
        Stream.concat(
            primaryKey.bindings().stream(),
            userIds.stream()
                .filter(userId -> userId.isUserIdAt(time))
                .flatMap(userId -> userId.bindings().stream())),
        time);
  }

  /**
   * Returns the newest binding that says what the key is for, or else the newest: a direct-key
   * signature that only names a designated revoker says nothing about expiry. Of two from the same
   * second, the one that ends earlier, so that the order of the packets does not decide.
   */
  private static Optional<Binding> newest(Stream<Binding> bindings, Instant time) {
    Comparator<Binding> order =
        Comparator.comparing((Binding binding) -> binding.flags().isPresent())
            .thenComparing(Binding::made)
            .thenComparing(b -> b.lifetime() == 0 ? Long.MIN_VALUE : -b.lifetime());
    return bindings.filter(binding -> binding.holdsAt(time)).max(order);
  }

  /** Whether a signature fits what it is about. */
  @FunctionalInterface
  private interface Proof {
    boolean of(PGPSignature signature) throws PGPException;
  }

  private Statements collected(
      Iterator<PGPSignature> signatures,
      int revocation,
      Predicate<Integer> isBinding,
      Proof proof,
      @Nullable PGPPublicKey subkey) {
    Statements all = new Statements(new ArrayList<>(), new ArrayList<>());
    for (PGPSignature signature : all(signatures)) {
      int type = signature.getSignatureType();
      // By any hash: a revocation that is too weak to be trusted is no reason to trust the key.
      boolean counts =
          isOurs(signature)
              && (type == revocation || (isBinding.test(type) && isAcceptable(signature)))
              && fits(signature, primary, proof);
      if (!counts) {
        continue;
      }
      if (type == revocation) {
        all.revocations().add(revocation(signature));
      } else {
        all.bindings().add(binding(signature, subkey));
      }
    }
    return all;
  }

  /**
   * Returns whether the hash is strong enough, and every critical packet known.
   *
   * @throws IllegalStateException for a critical notation, because none of its meanings is known
   *     here; the whole certificate is then malformed
   */
  private static boolean isAcceptable(PGPSignature signature) {
    if (signature.getHashedSubPackets() == null
        || !isStrongHash(signature.getHashAlgorithm(), signature.getCreationTime().toInstant())) {
      return false;
    }
    boolean isKnown = true;
    for (SignatureSubpacket packet : signature.getHashedSubPackets().toArray()) {
      if (packet.isCritical() && packet instanceof NotationData) {
        throw new IllegalStateException("a critical notation");
      }
      isKnown &= !packet.isCritical() || !packet.getClass().equals(SignatureSubpacket.class);
    }
    return isKnown;
  }

  static boolean isStrongHash(int hash, Instant made) {
    return switch (hash) {
      case SHA224, SHA256, SHA384, SHA512, SHA3_256, SHA3_512 -> true;
      case SHA1, RIPEMD160 -> made.isBefore(END_OF_SHA1);
      default -> false;
    };
  }

  /** Others' certifications of a user id say nothing here, and need no check. */
  private boolean isOurs(PGPSignature signature) {
    return signature.getHashedSubPackets() != null
        && signature.getHashedSubPackets().getSignatureCreationTime() != null
        && signature.hasKeyIdentifier(primary.getKeyIdentifier());
  }

  private static boolean fits(PGPSignature signature, PGPPublicKey by, Proof proof) {
    try {
      signature.init(new BcPGPContentVerifierBuilderProvider(), by);
      return proof.of(signature);
    } catch (PGPException | RuntimeException e) {
      // The library throws far more than it declares for malformed numbers: it does not fit.
      return false;
    }
  }

  private Binding binding(PGPSignature signature, @Nullable PGPPublicKey subkey) {
    PGPSignatureSubpacketVector hashed = signature.getHashedSubPackets();
    Instant made = signature.getCreationTime().toInstant();
    long lapsesAfter = hashed.getSignatureExpirationTime();
    return new Binding(
        made,
        lapsesAfter == 0 ? null : made.plusSeconds(lapsesAfter),
        hashed.getKeyExpirationTime(),
        hashed.hasSubpacket(SignatureSubpacketTags.KEY_FLAGS)
            ? Optional.of(hashed.getKeyFlags())
            : Optional.empty(),
        subkey != null && isCrossSigned(signature, subkey));
  }

  /**
   * Returns whether the subkey itself confirms that it belongs to the primary key. Otherwise an
   * attacker could bind a foreign signing key to a certificate and claim its signatures.
   */
  private boolean isCrossSigned(PGPSignature binding, PGPPublicKey subkey) {
    return Stream.of(binding.getHashedSubPackets(), binding.getUnhashedSubPackets())
        .flatMap(PgpSelfSignatures::embedded)
        .filter(signature -> signature.getSignatureType() == PGPSignature.PRIMARYKEY_BINDING)
        .filter(PgpSelfSignatures::isAcceptable)
        .anyMatch(s -> fits(s, subkey, proof -> proof.verifyCertification(primary, subkey)));
  }

  private static Stream<PGPSignature> embedded(@Nullable PGPSignatureSubpacketVector packets) {
    try {
      return packets == null
          ? Stream.empty()
          : all(packets.getEmbeddedSignatures().iterator()).stream();
    } catch (PGPException | RuntimeException e) {
      return Stream.empty(); // Malformed: then there is no confirmation.
    }
  }

  private static Revocation revocation(PGPSignature signature) {
    RevocationReason reason = signature.getHashedSubPackets().getRevocationReason();
    Instant made = signature.getCreationTime().toInstant();
    return switch (reason == null ? RevocationReasonTags.NO_REASON : reason.getRevocationReason()) {
      case RevocationReasonTags.KEY_SUPERSEDED -> new Revocation(made, false, "superseded");
      case RevocationReasonTags.KEY_RETIRED -> new Revocation(made, false, "retired");
      case RevocationReasonTags.USER_NO_LONGER_VALID ->
          new Revocation(made, false, "user id no longer valid");
      case RevocationReasonTags.KEY_COMPROMISED -> new Revocation(made, true, "compromised");
      case RevocationReasonTags.NO_REASON -> new Revocation(made, true, "no reason given");
      default -> new Revocation(made, true, "unknown reason");
    };
  }

  private static <T> List<T> all(Iterator<T> iterator) {
    List<T> all = new ArrayList<>();
    iterator.forEachRemaining(all::add);
    return all;
  }
}
