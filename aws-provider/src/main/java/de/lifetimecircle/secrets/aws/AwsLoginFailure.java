package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.SecretException.Kind;
import java.time.Duration;
import java.util.Optional;

/**
 * A login that failed, in words that hold no key and no token: not the SDK's text, which quotes
 * files and answers of others. Immutable.
 */
final class AwsLoginFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What the login failed by. */
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

  private final Kind kind;
  private final String advice;
  private final Origin origin;
  private final transient Optional<Duration> retryAfter;
  private final transient Optional<String> source;

  private AwsLoginFailure(
      Kind kind,
      String reason,
      String advice,
      Origin origin,
      Optional<Duration> retryAfter,
      Optional<String> source) {
    super(reason);
    this.kind = kind;
    this.advice = advice;
    this.origin = origin;
    this.retryAfter = retryAfter;
    this.source = source;
  }

  static AwsLoginFailure of(Origin origin, Kind kind, String reason, String advice) {
    return new AwsLoginFailure(kind, reason, advice, origin, Optional.empty(), Optional.empty());
  }

  /** Credentials that are not there, as far as this machine can tell. */
  static AwsLoginFailure unauthenticated(String reason, String advice) {
    return of(Origin.MACHINE, Kind.UNAUTHENTICATED, reason, advice);
  }

  /** An answer of STS. */
  static AwsLoginFailure ofSts(
      Origin origin, Kind kind, String reason, String advice, Optional<Duration> retryAfter) {
    return new AwsLoginFailure(kind, reason, advice, origin, retryAfter, Optional.empty());
  }

  /** The same, with the source whose login failed; the first source that is named stays. */
  AwsLoginFailure from(String words) {
    return source.isPresent()
        ? this
        : new AwsLoginFailure(
            kind,
            "the login with " + words + " failed: " + getMessage(),
            advice,
            origin,
            retryAfter,
            Optional.of(words));
  }

  Kind kind() {
    return kind;
  }

  /** Why, without a full stop. */
  String reason() {
    return String.valueOf(getMessage());
  }

  String advice() {
    return advice;
  }

  Origin origin() {
    return origin;
  }

  /** How long STS asked to wait. */
  Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
