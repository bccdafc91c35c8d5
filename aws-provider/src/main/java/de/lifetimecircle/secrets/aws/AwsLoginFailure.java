package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.util.Optional;

/**
 * A login that failed, in words that hold no key and no token: not the SDK's text, which quotes
 * files and answers of others. Immutable.
 */
final class AwsLoginFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The cause of a failed login. */
  enum Origin {
    /** The settings or the files of this machine. */
    MACHINE,
    /** Nobody answered. */
    NETWORK,
    /** Somebody answered, and not with credentials. */
    ANSWER,
    /** The keys that a role was to be assumed with have died; others may do at once. */
    DEAD_KEYS
  }

  private final StoreFailure failure;
  private final Origin origin;
  private final transient Optional<String> source;

  private AwsLoginFailure(StoreFailure failure, Origin origin, Optional<String> source) {
    super(failure.reason());
    this.failure = failure;
    this.origin = origin;
    this.source = source;
  }

  static AwsLoginFailure of(Origin origin, StoreFailure failure) {
    return new AwsLoginFailure(failure, origin, Optional.empty());
  }

  static AwsLoginFailure of(Origin origin, Kind kind, String reason, String advice) {
    return of(origin, StoreFailure.of(kind, reason, advice));
  }

  /** Credentials that are not there, as far as this machine can tell. */
  static AwsLoginFailure unauthenticated(String reason, String advice) {
    return of(Origin.MACHINE, Kind.UNAUTHENTICATED, reason, advice);
  }

  /** The same, with the source whose login failed; the first source that is named stays. */
  AwsLoginFailure from(String words) {
    return source.isPresent()
        ? this
        : new AwsLoginFailure(
            failure.because("the login with " + words + " failed: " + failure.reason()),
            origin,
            Optional.of(words));
  }

  /** Returns the failure for the caller of the store. */
  StoreFailure failure() {
    return failure;
  }

  Kind kind() {
    return failure.kind();
  }

  /** Why, without a full stop. */
  String reason() {
    return failure.reason();
  }

  Origin origin() {
    return origin;
  }
}
