package de.lifetimecircle.secrets.azure;

import de.lifetimecircle.secrets.SecretException.Kind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A failure whose kind is known, on its way to {@link AzureErrors#call}, which adds what was wanted
 * and of which name. Its texts hold no value and no credential.
 */
final class AzureProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final String reason;
  private final String advice;
  private final @Nullable Duration retryAfter;
  private final boolean passing;

  private AzureProblem(
      Kind kind,
      String reason,
      String advice,
      @Nullable Duration retryAfter,
      boolean passing,
      @Nullable Throwable cause) {
    super(reason, cause);
    this.passing = passing;
    this.kind = kind;
    this.reason = reason;
    this.advice = advice;
    this.retryAfter = retryAfter;
  }

  static AzureProblem of(Kind kind, String reason, String advice) {
    return new AzureProblem(kind, reason, advice, null, false, null);
  }

  static AzureProblem badName(String reason) {
    return of(Kind.BAD_NAME, reason, "Use a shorter name of letters, digits, '/', '_', '-' or '.'");
  }

  static AzureProblem closed() {
    return of(Kind.CLOSED, "the store was closed", "Open a new one");
  }

  static AzureProblem interrupted() {
    Thread.currentThread().interrupt();
    return of(
        Kind.INTERRUPTED, "the waiting thread was interrupted", "Call again when it may wait");
  }

  static AzureProblem timeout(String reason) {
    return of(
        Kind.TIMEOUT,
        reason,
        "Check that the vault and the login can be reached, or raise 'timeout'");
  }

  /** The same, with type and stack of what led to it; the text of that may hold anything. */
  AzureProblem causedBy(Throwable thrown) {
    RuntimeException shown =
        new RuntimeException(thrown.getClass().getName() + " (its text is left out)");
    shown.setStackTrace(thrown.getStackTrace());
    return new AzureProblem(kind, reason, advice, retryAfter, passing, shown);
  }

  /** The same with another reason. */
  AzureProblem because(String other) {
    return new AzureProblem(kind, other, advice, retryAfter, passing, getCause());
  }

  /** The same with how long the service asks to wait. */
  AzureProblem retryAfter(@Nullable Duration wait) {
    return new AzureProblem(kind, reason, advice, wait, passing, getCause());
  }

  /** The same as one that goes away by itself: what the service does just now will be done. */
  AzureProblem asPassing() {
    return new AzureProblem(kind, reason, advice, retryAfter, true, getCause());
  }

  boolean isPassing() {
    return passing;
  }

  Kind kind() {
    return kind;
  }

  String reason() {
    return reason;
  }

  String advice() {
    return advice;
  }

  @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
