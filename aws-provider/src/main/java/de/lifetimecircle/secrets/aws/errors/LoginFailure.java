package de.lifetimecircle.secrets.aws.errors;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreFailure;

/**
 * A login that failed, in words that hold no key and no token: not the SDK's text, which quotes
 * files and answers of others. Immutable.
 */
public final class LoginFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The cause of a failed login. */
  public enum Origin {
    /** The settings or the files of this machine. */
    MACHINE,
    /** No server answered. */
    NETWORK,
    /** A server answered, and not with credentials. */
    ANSWER,
    /** The keys that a role was to be assumed with have died; others may do at once. */
    DEAD_KEYS
  }

  private final StoreFailure failure;
  private final Origin origin;

  /** Whether the reason names the source whose login failed. */
  private final boolean namesSource;

  private LoginFailure(StoreFailure failure, Origin origin, boolean namesSource) {
    super(failure.reason());
    this.failure = failure;
    this.origin = origin;
    this.namesSource = namesSource;
  }

  public static LoginFailure of(Origin origin, StoreFailure failure) {
    return new LoginFailure(failure, origin, false);
  }

  public static LoginFailure of(Origin origin, Kind kind, String reason, String advice) {
    return of(origin, StoreFailure.of(kind, reason, advice));
  }

  /** Credentials that are not there, as far as this machine can tell. */
  public static LoginFailure unauthenticated(String reason, String advice) {
    return of(Origin.MACHINE, Kind.UNAUTHENTICATED, reason, advice);
  }

  /** The same, with the source whose login failed; the first source that is named stays. */
  public LoginFailure from(String words) {
    return namesSource
        ? this
        : new LoginFailure(
            failure.because("the login with " + words + " failed: " + failure.reason()),
            origin,
            true);
  }

  /** Returns the failure for the caller of the store. */
  public StoreFailure failure() {
    return failure;
  }

  public Kind kind() {
    return failure.kind();
  }

  /** Why, without a full stop. */
  public String reason() {
    return failure.reason();
  }

  public Origin origin() {
    return origin;
  }
}
