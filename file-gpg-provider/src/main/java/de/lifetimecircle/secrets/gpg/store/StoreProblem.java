package de.lifetimecircle.secrets.gpg.store;

import de.lifetimecircle.secrets.SecretException.Kind;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A fault of a store, in words that name the file. {@link GpgErrors} adds the action that failed.
 */
final class StoreProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final String advice;
  private final @Nullable Duration retryAfter;

  private StoreProblem(
      Kind kind,
      String reason,
      String advice,
      @Nullable Throwable cause,
      @Nullable Duration retryAfter) {
    super(reason, cause);
    this.kind = kind;
    this.advice = advice;
    this.retryAfter = retryAfter;
  }

  /** Makes a problem of that kind from a reason and advice, both without a full stop. */
  static StoreProblem of(Kind kind, String reason, String advice) {
    return new StoreProblem(kind, reason, advice, null, null);
  }

  /** Reports a file that is damaged or was changed by an unauthorized person. */
  static StoreProblem corrupt(String file, String why, String advice) {
    return of(Kind.CORRUPT, file + " " + why, advice);
  }

  /** Reports a file that this store cannot have written, and advises to restore a backup. */
  static StoreProblem corrupt(String file, String why) {
    return corrupt(file, why, "Restore the store from a backup");
  }

  /** Reports a file of the index, which a repair can rebuild. */
  static StoreProblem corruptIndex(String file, String why) {
    return corrupt(
        file,
        why,
        "Run 'secrets store repair', which rebuilds the index and says what it cannot prove; or"
            + " restore the store from a backup");
  }

  /** Reports an interrupt of the calling thread, and sets its flag again. */
  static StoreProblem interrupted() {
    Thread.currentThread().interrupt();
    return of(Kind.INTERRUPTED, "the thread was interrupted", "Call again if that was not meant");
  }

  /**
   * Reports that the lock of the store did not become free in time.
   *
   * @param timeout of the call. A second attempt within it would only hide this message behind the
   *     caller's own, so none is advised before.
   */
  static StoreProblem locked(String holder, Duration timeout) {
    return new StoreProblem(
        Kind.TIMEOUT,
        holder + " holds the lock of the store",
        "Try again, or raise 'timeout'; a writer holds the lock for less than a second, a backup or"
            + " a repair for longer; if neither runs, look for a process that hangs",
        null,
        timeout);
  }

  /** Returns the same problem with its cause, whose text must hold no value. */
  StoreProblem causedBy(Throwable cause) {
    return new StoreProblem(kind, reason(), advice, cause, retryAfter);
  }

  /** Returns when another attempt makes sense; empty if that is not known. */
  Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /**
   * Throws this problem again, unless a file is damaged, missing or not ours. Such a file may only
   * mean that a writer was at work, or concerns one secret of many.
   */
  void requireCorrupt() {
    if (kind != Kind.CORRUPT) {
      throw this;
    }
  }

  Kind kind() {
    return kind;
  }

  String reason() {
    return String.valueOf(getMessage());
  }

  String advice() {
    return advice;
  }
}
