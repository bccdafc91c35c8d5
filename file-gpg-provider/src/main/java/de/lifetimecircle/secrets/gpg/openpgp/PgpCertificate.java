package de.lifetimecircle.secrets.gpg.openpgp;

import de.lifetimecircle.secrets.gpg.openpgp.PgpPackets.Packet;
import de.lifetimecircle.secrets.gpg.openpgp.PgpSelfSignatures.Status;
import de.lifetimecircle.secrets.gpg.openpgp.PgpSelfSignatures.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.bcpg.PacketTags;
import org.bouncycastle.bcpg.PublicKeyAlgorithmTags;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.jspecify.annotations.Nullable;

/**
 * A public certificate: a primary key, its user ids and its subkeys.
 *
 * <p>Thread-safe. Its own signatures are verified with the first question about them.
 */
public final class PgpCertificate {

  /** A certificate with a few subkeys has 1-5 KiB; one with many foreign signatures some 100. */
  public static final int MAX_BYTES = 256 * 1024;

  /**
   * The algorithms that gpg 2.2 and 2.4 read: RSA, ECDH and ECDSA on any curve, EdDSA in its legacy
   * form.
   */
  private static final Set<Integer> ENCRYPTION =
      Set.of(PublicKeyAlgorithmTags.RSA_GENERAL, PublicKeyAlgorithmTags.ECDH);

  /** The flags of a key that messages may be encrypted to. */
  static final int ENCRYPTS = KeyFlags.ENCRYPT_COMMS | KeyFlags.ENCRYPT_STORAGE;

  private static final Set<Integer> SIGNING =
      Set.of(
          PublicKeyAlgorithmTags.RSA_GENERAL,
          PublicKeyAlgorithmTags.ECDSA,
          PublicKeyAlgorithmTags.EDDSA_LEGACY);

  private static final Set<Integer> PACKETS =
      Set.of(
          PacketTags.PUBLIC_KEY,
          PacketTags.PUBLIC_SUBKEY,
          PacketTags.USER_ID,
          PacketTags.USER_ATTRIBUTE,
          PacketTags.SIGNATURE,
          PacketTags.TRUST);

  private final PGPPublicKeyRing ring;
  private final byte[] encoded;
  private @Nullable PgpSelfSignatures selfSignatures;

  private PgpCertificate(PGPPublicKeyRing ring, byte[] encoded) {
    this.ring = ring;
    this.encoded = encoded;
  }

  /** Reads exactly one certificate, binary or armored. */
  public static PgpCertificate parse(byte[] binaryOrArmored) {
    if (binaryOrArmored.length > MAX_BYTES) {
      throw new PgpFailure(
          PgpFailure.Reason.TOO_LARGE, "read certificate", "larger than " + MAX_BYTES + " bytes");
    }
    byte[] binary = PgpArmor.PUBLIC_KEY.decode(binaryOrArmored, PgpFailure.Reason.BAD_KEY_FILE);
    List<Packet> packets = PgpPackets.split(binary);
    requireOneKey(packets, PacketTags.PUBLIC_KEY, PACKETS, "certificate");
    return ofRing(
        wellFormed(
            "certificate", () -> new PGPPublicKeyRing(binary, new BcKeyFingerprintCalculator())));
  }

  static PgpCertificate ofRing(PGPPublicKeyRing ring) {
    return wellFormed("certificate", () -> new PgpCertificate(ring, ring.getEncoded()));
  }

  /** Runs a step of the library, which fails for a malformed key. */
  static <T> T wellFormed(String what, BouncyCastleErrors.Step<T> step) {
    return BouncyCastleErrors.call(
        PgpFailure.Reason.BAD_KEY_FILE, "read " + what, "it is malformed", step);
  }

  /** Refuses anything but one version 4 key with packets of the given types. */
  static void requireOneKey(
      List<Packet> packets, int primaryTag, Set<Integer> allowed, String what) {
    int primaries = 0;
    for (Packet packet : packets) {
      int tag = packet.tag();
      if (!allowed.contains(tag)) {
        throw badKey(
            what,
            tag == PacketTags.SECRET_KEY
                ? "it is a secret key (expected: what 'gpg --export' writes)"
                : "it holds packets of type " + tag);
      }
      if (tag != PacketTags.USER_ID
          && tag != PacketTags.USER_ATTRIBUTE
          && tag != PacketTags.TRUST
          && packet.octet(0) != 4) {
        throw badKey(
            what,
            tag == PacketTags.SIGNATURE
                ? "it has a signature of another version than 4, as keys of other versions make it"
                    + " (expected: an export with --export-options export-minimal)"
                : "only version 4 keys are accepted, which gpg 2.2 and 2.4 write");
      }
      primaries += tag == primaryTag ? 1 : 0;
    }
    if (primaries != 1 || packets.get(0).tag() != primaryTag) {
      throw badKey(what, "it holds " + primaries + " primary keys (expected: 1)");
    }
  }

  /** Returns the fingerprint of the primary key: 40 upper-case hexadecimal digits. */
  public String fingerprint() {
    return hex(ring.getPublicKey().getFingerprint());
  }

  /** Returns all user ids. Not verified. */
  public List<String> userIds() {
    List<String> userIds = new ArrayList<>();
    ring.getPublicKey()
        .getRawUserIDs()
        .forEachRemaining(id -> userIds.add(new String(id, StandardCharsets.UTF_8)));
    return userIds;
  }

  /** Returns the certificate as text, as {@code gpg --armor --export} prints it. */
  public byte[] armored() {
    return PgpArmor.PUBLIC_KEY.encode(encoded);
  }

  byte[] encoded() {
    return encoded.clone();
  }

  /** Fails unless a secret could be encrypted for this certificate at the given time. */
  public void requireUsable(Instant now) {
    encryptionKey(now);
  }

  /**
   * Returns the newest key to encrypt to, the choice that gpg makes too.
   *
   * @throws PgpFailure {@code EXPIRED_KEY} if to extend keys is enough; else {@code
   *     UNUSABLE_RECIPIENT}
   */
  public PGPPublicKey encryptionKey(Instant now) {
    Optional<PGPPublicKey> newest = validEncryptionKey(now);
    if (newest.isPresent()) {
      return newest.get();
    }
    if (newestToEncrypt(Status.EXPIRED, now).isPresent()) {
      throw new PgpFailure(
          PgpFailure.Reason.EXPIRED_KEY,
          "encrypt for " + fingerprint(),
          "its encryption key has expired",
          "Extend it: "
              + extension(now)
              + "; then export it again, and run 'secrets recipients add FILE' with it if it"
              + " is not our own key, or else write it to gpg.key-file");
    }
    throw new PgpFailure(
        PgpFailure.Reason.UNUSABLE_RECIPIENT,
        "encrypt for " + fingerprint(),
        "it has no usable encryption key (revoked, not yet valid, too weak, or other"
            + " than RSA and ECDH)",
        "Replace the certificate or remove the recipient");
  }

  /** Returns the key that {@link #encryptionKey} takes; empty if it fails. */
  Optional<PGPPublicKey> validEncryptionKey(Instant now) {
    return newestToEncrypt(Status.PERMITTED, now);
  }

  /** Returns whether the key to encrypt to now is the one that the other certificate named last. */
  public boolean encryptsLike(PgpCertificate before, Instant now) {
    Optional<PGPPublicKey> last = before.lastToEncrypt(now);
    return last.isPresent() && hex(last.get()).equals(hex(encryptionKey(now)));
  }

  /**
   * Returns the key that messages were last encrypted to: the choice of now or, if every key has
   * expired, that of one second before the last of them ended.
   */
  private Optional<PGPPublicKey> lastToEncrypt(Instant now) {
    Stream<Instant> ends =
        keys().stream()
            .flatMap(key -> selfSignatures().expiry(key, now).stream())
            .filter(end -> !end.isAfter(now))
            .sorted(Comparator.reverseOrder())
            .map(end -> end.minusSeconds(1));
    return Stream.concat(Stream.of(now), ends)
        .flatMap(time -> newestToEncrypt(Status.PERMITTED, time).stream())
        .findFirst();
  }

  /** Returns the newest key of which that is true, as a key to encrypt to at that time. */
  private Optional<PGPPublicKey> newestToEncrypt(Status status, Instant time) {
    return BouncyCastleErrors.call(
        PgpFailure.Reason.UNUSABLE_RECIPIENT,
        "encrypt for " + fingerprint(),
        "its certificate is malformed",
        () -> {
          PgpSelfSignatures statements = statements();
          return keys().stream()
              .filter(key -> statements.mayEncrypt(key, time).status() == status)
              .max(Comparator.comparing(PGPPublicKey::getCreationTime));
        });
  }

  /** Returns the keys that may sign at the given time, newest first. */
  List<PGPPublicKey> signingKeys(Instant at) {
    return keys().stream()
        .filter(key -> mayHaveSigned(key, at).isPermitted())
        .sorted(Comparator.comparing(PGPPublicKey::getCreationTime).reversed())
        .toList();
  }

  /** Returns whether the key with that fingerprint belongs to this certificate and may sign now. */
  public boolean hasSigningKey(String fingerprint, Instant now) {
    return signingKeys(now).stream().anyMatch(key -> hex(key).equals(fingerprint));
  }

  /** Returns whether a key of this certificate may have signed data at that time, and why not. */
  Verdict mayHaveSigned(PGPPublicKey key, Instant time) {
    return selfSignatures().mayHaveSigned(key, time);
  }

  private PgpSelfSignatures selfSignatures() {
    return wellFormed("certificate " + fingerprint(), this::statements);
  }

  /** Fails as the library does if one of our own signatures is malformed. */
  private synchronized PgpSelfSignatures statements() {
    PgpSelfSignatures known = selfSignatures;
    if (known == null) {
      known = new PgpSelfSignatures(ring);
      selfSignatures = known;
    }
    return known;
  }

  /**
   * Merges this certificate with another one of the same key: the newest bindings and all
   * revocations of both. Returns this one unchanged if the union would be larger than {@link
   * #parse} accepts.
   */
  public PgpCertificate joinedWith(PgpCertificate other) {
    if (Arrays.equals(encoded, other.encoded) || !fingerprint().equals(other.fingerprint())) {
      return this;
    }
    PgpCertificate joined =
        ofRing(
            wellFormed(
                "certificate " + fingerprint(), () -> PGPPublicKeyRing.join(ring, other.ring)));
    return joined.encoded.length > MAX_BYTES ? this : joined;
  }

  /** Returns whether the other certificate of the same key lacks something that this one says. */
  public boolean isNewsFor(PgpCertificate other) {
    return other.joinedWith(this).selfSignatures().count() > other.selfSignatures().count();
  }

  /**
   * Returns the command that extends every key of this certificate that has expired; empty if none
   * has.
   */
  public String extension(Instant now) {
    List<String> commands = new ArrayList<>();
    List<String> subkeys = new ArrayList<>();
    for (PGPPublicKey key : keys()) {
      boolean expired =
          selfSignatures().expiry(key, now).filter(end -> !end.isAfter(now)).isPresent()
              && !selfSignatures().isRevoked(key, now);
      if (expired && key.isMasterKey()) {
        commands.add("gpg --quick-set-expire " + fingerprint() + " 2y");
      } else if (expired) {
        subkeys.add(hex(key));
      }
    }
    if (!subkeys.isEmpty()) {
      commands.add("gpg --quick-set-expire " + fingerprint() + " 2y " + String.join(" ", subkeys));
    }
    return String.join(" && ", commands);
  }

  /** Returns all keys, the primary one first. */
  public List<PGPPublicKey> keys() {
    List<PGPPublicKey> keys = new ArrayList<>();
    ring.getPublicKeys().forEachRemaining(keys::add);
    return keys;
  }

  /**
   * Returns whether messages may have been encrypted to the key, by the flags in its own
   * signatures, whose validity only decides about new messages: an expired or revoked key must
   * still open what was once encrypted to it.
   */
  public static boolean mayDecrypt(PGPPublicKey key) {
    return canEncryptTo(key) && hasFlag(key, ENCRYPTS);
  }

  /** Returns whether the key is meant for signatures over data, not only over other keys. */
  public static boolean maySign(PGPPublicKey key) {
    return canSignWith(key) && hasFlag(key, KeyFlags.SIGN_DATA);
  }

  static boolean canEncryptTo(PGPPublicKey key) {
    return ENCRYPTION.contains(key.getAlgorithm());
  }

  static boolean canSignWith(PGPPublicKey key) {
    return SIGNING.contains(key.getAlgorithm());
  }

  private static boolean hasFlag(PGPPublicKey key, int wanted) {
    int all = 0;
    for (Iterator<PGPSignature> it = key.getSignatures(); it.hasNext(); ) {
      PGPSignature signature = it.next();
      if (signature.getHashedSubPackets() != null) {
        all |= signature.getHashedSubPackets().getKeyFlags();
      }
    }
    return all == 0 || (all & wanted) != 0;
  }

  /** Returns the fingerprint of a key in upper-case hexadecimal digits. */
  public static String hex(PGPPublicKey key) {
    return hex(key.getFingerprint());
  }

  /** Returns bytes in upper-case hexadecimal digits, the form in which gpg prints them. */
  public static String hex(byte[] bytes) {
    return HexFormat.of().withUpperCase().formatHex(bytes);
  }

  private static PgpFailure badKey(String what, String why) {
    return new PgpFailure(PgpFailure.Reason.BAD_KEY_FILE, "read " + what, why);
  }

  @Override
  public String toString() {
    return "PgpCertificate[" + fingerprint() + "]";
  }
}
