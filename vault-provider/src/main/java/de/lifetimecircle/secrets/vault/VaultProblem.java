package de.lifetimecircle.secrets.vault;

import de.lifetimecircle.secrets.SecretException.Kind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a call on the server failed, before it is known which action and which name it was for. Holds
 * no text of an answer: what a server or something in its place sends may hold anything.
 */
final class VaultProblem extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final String reason;
  private final String advice;
  private final @Nullable Duration retryAfter;

  private VaultProblem(
      Kind kind,
      String reason,
      String advice,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    super(reason, cause);
    this.kind = kind;
    this.reason = reason;
    this.advice = advice;
    this.retryAfter = retryAfter;
  }

  /** A problem of that kind, with what to do. */
  static VaultProblem of(Kind kind, String reason, String advice) {
    return new VaultProblem(kind, reason, advice, null, null);
  }

  /** The same, knowing how long the server asks to wait. */
  VaultProblem after(@Nullable Duration wait) {
    return new VaultProblem(kind, reason, advice, wait, getCause());
  }

  /** The same with the type and the stack of what caused it; its text is left out. */
  VaultProblem causedBy(Throwable thrown) {
    RuntimeException bare =
        new RuntimeException(thrown.getClass().getName() + " (its text is left out)");
    bare.setStackTrace(thrown.getStackTrace());
    return new VaultProblem(kind, reason, advice, retryAfter, bare);
  }

  /** The interrupt flag is set again by whoever makes this. */
  static VaultProblem interrupted() {
    Thread.currentThread().interrupt();
    return of(Kind.INTERRUPTED, "the calling thread was interrupted", "Call again if it is needed");
  }

  static VaultProblem closed() {
    return of(Kind.CLOSED, "the store was closed", "Open a new one");
  }

  static VaultProblem late(VaultDeadline deadline) {
    return of(
        Kind.TIMEOUT,
        "no answer within " + deadline.total().toMillis() + " ms",
        "Check that the server is up, or raise 'timeout'");
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
