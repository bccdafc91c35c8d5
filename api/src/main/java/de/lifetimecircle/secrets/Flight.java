package de.lifetimecircle.secrets;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One load under way in an {@link Entry}.
 *
 * @param generation the entry's when it was begun
 * @param answer what those get who wait for it
 */
record Flight<T>(long generation, CompletableFuture<T> answer) {

  /** Ends it with what it brought, or better with what a newer one brings, if there is one. */
  void land(
      @Nullable CompletableFuture<T> newer, @Nullable T value, @Nullable SecretException error) {
    if (newer == null) {
      land(value, error);
    } else {
      CompletableFuture<T> unused =
          newer.whenComplete((better, failed) -> land(better != null ? better : value, error));
    }
  }

  private void land(@Nullable T value, @Nullable SecretException error) {
    if (value != null) {
      answer.complete(value);
    } else {
      answer.completeExceptionally(Objects.requireNonNull(error));
    }
  }
}
