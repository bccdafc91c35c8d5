package de.lifetimecircle.secrets.gpg.store;

import de.lifetimecircle.secrets.SecretException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a store, in words that name the file; {@link GpgErrors} adds what the caller
 * wanted to do.
 */
final class StoreProblem extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final String advice;

  private StoreProblem(Kind kind, String reason, String advice, @Nullable Throwable cause) {
    super(reason, cause);
    this.kind = kind;
    this.advice = advice;
  }

  /** A problem of that kind: why, and what to do, both without a full stop. */
  static StoreProblem of(Kind kind, String reason, String advice) {
    return new StoreProblem(kind, reason, advice, null);
  }

  /** A file that is damaged, or was changed by somebody who may not. */
  static StoreProblem corrupt(String file, String why, String advice) {
    return of(Kind.CORRUPT, file + " " + why, advice);
  }

  /** A file that cannot be what this store wrote; a backup is the way out. */
  static StoreProblem corrupt(String file, String why) {
    return corrupt(file, why, "Restore the store from a backup");
  }

  /** A file of the index; what it says can be rebuilt. */
  static StoreProblem corruptIndex(String file, String why) {
    return corrupt(
        file,
        why,
        "Run 'secrets store repair', which rebuilds the index and says what it cannot prove; or"
            + " restore the store from a backup");
  }

  /** The calling thread was interrupted; its flag is set again. */
  static StoreProblem interrupted() {
    Thread.currentThread().interrupt();
    return of(Kind.INTERRUPTED, "the thread was interrupted", "Call again if that was not meant");
  }

  /** The lock of the store did not become free in time. */
  static StoreProblem locked(String holder) {
    return of(
        Kind.TIMEOUT,
        holder + " holds the lock of the store",
        "Try again, or raise the timeout if large stores are encrypted again");
  }

  /** The same with the failure that led to it, whose text holds no value. */
  StoreProblem causedBy(Throwable cause) {
    return new StoreProblem(kind, reason(), advice, cause);
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
