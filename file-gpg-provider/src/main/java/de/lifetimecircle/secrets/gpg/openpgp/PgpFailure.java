package de.lifetimecircle.secrets.gpg.openpgp;

import java.util.Optional;

/**
 * Why an OpenPGP operation failed.
 *
 * <p>It has the operation, the reason and the remedy as fields, of which its message is made, and
 * never a value: no plaintext, no key material, no passphrase. It has no cause on purpose: the
 * messages of the OpenPGP library can quote the bytes they stumbled over, so only the class of its
 * exception is named.
 */
public final class PgpFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** The kind of failure; code branches on this, never on the message. */
  public enum Reason {
    /** Not OpenPGP data of the expected kind, or empty. */
    NOT_A_MESSAGE,
    /** A readable OpenPGP message that is not encrypted. */
    NOT_ENCRYPTED,
    /** Encrypted without an integrity check (packet tag 9). */
    NO_INTEGRITY_PROTECTION,
    /** A cipher other than AES, or a signature hash weaker than SHA-256. */
    WEAK_CIPHER,
    /** None of our keys is a recipient. */
    WRONG_KEY,
    /** The key is locked and the passphrase is absent or does not open it. */
    WRONG_PASSPHRASE,
    /** Truncated or changed. */
    DAMAGED,
    /** Larger than a secret may be, before or after decompression. */
    TOO_LARGE,
    /** A trusted signer's signature does not fit the data. */
    BAD_SIGNATURE,
    /** A signature that fits, in a form that is not accepted: of text, undated, or expiring. */
    UNACCEPTED_SIGNATURE,
    /** A signature that fits, but was made after the key had expired. */
    EXPIRED_SIGNER,
    /** A signature that fits, by a key that was revoked. */
    REVOKED_SIGNER,
    /** A signature that fits, by a key that is not meant for it or did not exist yet. */
    UNFIT_SIGNER,
    /** Not signed, or not by a key we trust. */
    UNTRUSTED_SIGNER,
    /** A recipient has no key we could encrypt to. */
    UNUSABLE_RECIPIENT,
    /** The key was usable once and has expired. */
    EXPIRED_KEY,
    /** Our signing key was made later than it is now, by the clock of this host. */
    EARLY_KEY,
    /** Our signing key is revoked or not meant for signing. */
    UNUSABLE_SIGNER,
    /** The secret part that the operation needs is not there. */
    NO_SECRET_KEY,
    /** The agent cannot be reached, or answered with an error. */
    AGENT,
    /** The agent runs as another account. */
    FOREIGN_AGENT,
    /** A key file or certificate that cannot be used. */
    BAD_KEY_FILE
  }

  private final Reason reason;
  private final String problem;
  private final String why;
  private final String advice;
  private final String signer;

  private PgpFailure(Reason reason, String problem, String why, String advice, String signer) {
    super("Cannot " + problem + (advice.isEmpty() ? "" : ". " + advice));
    this.reason = reason;
    this.problem = problem;
    this.why = why;
    this.advice = advice;
    this.signer = signer;
  }

  /** Makes a failure without advice; the texts are those of the constructor with advice. */
  public PgpFailure(Reason reason, String what, String why) {
    this(reason, what, why, "");
  }

  /**
   * Makes a failure that is not about one of the trusted signers.
   *
   * @param what the operation, as words after "Cannot"
   * @param why the reason, without a full stop; empty if the operation says enough
   * @param advice a sentence without its full stop
   */
  public PgpFailure(Reason reason, String what, String why, String advice) {
    this(reason, why.isEmpty() ? what : what + ": " + why, why, advice, "");
  }

  /**
   * Makes a failure that is about one of the trusted signers.
   *
   * @param why what is wrong with the signed file, as words after its name
   * @param signer the fingerprint of the primary key
   */
  static PgpFailure ofSigner(Reason reason, String why, String signer) {
    return new PgpFailure(reason, "verify: it " + why, why, "", signer);
  }

  /** Returns the same failure with this advice before its own. */
  public PgpFailure advising(String first) {
    String all = advice.isEmpty() ? first : first + ". " + advice;
    return new PgpFailure(reason, problem, why, all, signer);
  }

  /** Returns the operation and the reason, as words after "Cannot" without a full stop. */
  public String problem() {
    return problem;
  }

  /** Returns the reason alone, without a full stop. */
  public String why() {
    return why;
  }

  /** Returns the remedy, as a sentence without its full stop; empty if there is none. */
  public Optional<String> advice() {
    return advice.isEmpty() ? Optional.empty() : Optional.of(advice);
  }

  /** Returns problem and advice as sentences, without the last full stop. */
  public String text() {
    return String.valueOf(getMessage());
  }

  /**
   * Returns the fingerprint of the trusted signer that the failure is about; empty if there is
   * none.
   */
  public String signer() {
    return signer;
  }

  /** Returns the reason, for code that branches on it. */
  public Reason reason() {
    return reason;
  }
}
