package de.lifetimecircle.secrets.operations.inventory;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Reads secrets past the cache, where some failures of the backend are an answer: there is no such
 * thing. Stateless.
 */
public final class FreshRead {
  private static final Set<Kind> GONE = Set.of(Kind.VERSION_NOT_FOUND, Kind.DISABLED);

  private FreshRead() {}

  /** Returns the current version; empty if the backend has no secret of that name. Blocks. */
  public static Optional<Secret> find(SecretProvider provider, String stored) {
    return unless(Set.of(Kind.NOT_FOUND), () -> provider.get(stored, Duration.ZERO));
  }

  /** Returns what {@link #find} returns; empty also while the secret waits for its deletion. */
  public static Optional<Secret> findUndeleted(SecretProvider provider, String stored) {
    return unless(
        Set.of(Kind.NOT_FOUND, Kind.PENDING_DELETION), () -> provider.get(stored, Duration.ZERO));
  }

  /** Returns the result; empty if the backend no longer returns that version. */
  public static <T> Optional<T> unlessGone(Supplier<T> read) {
    return unless(GONE, read);
  }

  /** Returns the result; empty after a failure of one of these kinds. */
  public static <T> Optional<T> unless(Set<Kind> absent, Supplier<T> read) {
    try {
      return Optional.of(read.get());
    } catch (SecretException e) {
      if (absent.contains(e.kind())) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Returns whether the backend no longer returns a version: retired, or no longer kept. */
  public static boolean isGone(SecretException e) {
    return GONE.contains(e.kind());
  }

  /** Returns whether a read of any other secret would fail as well. */
  public static boolean isOfWholeStore(SecretException e) {
    return e.retryable() || e.kind() == Kind.UNAUTHENTICATED || e.kind() == Kind.INTERRUPTED;
  }
}
