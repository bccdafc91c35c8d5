package de.lifetimecircle.secrets.internal.types;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretEvent;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretResult;
import de.lifetimecircle.secrets.SecretValue;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes the public types and overwrites a value, which their users must not do. Java has nothing
 * between one package and public, so the package of these types implements this class, and its
 * builder, with which every provider begins, offers it here.
 *
 * <p>Safe for use by several threads.
 */
public abstract class EngineAccess {
  private static volatile @Nullable EngineAccess offered;

  /** For the package of the public types. */
  protected EngineAccess() {}

  /** Takes the implementation; called by the package of the public types alone. */
  public static void offer(EngineAccess implementation) {
    offered = implementation;
  }

  /** The access to the public types. */
  public static EngineAccess types() {
    EngineAccess known = offered;
    if (known == null) { // a test of one room, which has built no provider
      var unused = SecretProvider.builder();
      known = Objects.requireNonNull(offered, "the builder offers it");
    }
    return known;
  }

  /** An answer as of that time: of the backend, or a local override. */
  public abstract Secret fetched(
      String name,
      SecretValue value,
      String version,
      Instant created,
      Instant fetchedAt,
      String scheme,
      Secret.Origin origin);

  /** The same version, seen in the backend again at that time. */
  public abstract Secret seenAgain(Secret secret, Instant at);

  /** The same answer, from the cache. */
  public abstract Secret cached(Secret secret);

  /** The same answer, past its age. */
  public abstract Secret asStale(Secret secret, String reason);

  /** An event of a name, with the new version and the failure where its type has one. */
  public abstract SecretEvent event(
      SecretEvent.Type type,
      String name,
      String heldVersion,
      @Nullable String newVersion,
      SecretException.@Nullable Kind failure);

  /** The same failure for one more caller, with a stack trace of its own. */
  public abstract SecretException again(SecretException failure);

  /** The same failure for one of the names that it befell together. */
  public abstract SecretException ofName(SecretException failure, String name);

  /** The result of a read that succeeded. */
  public abstract SecretResult result(Secret secret);

  /** The result of a read that failed. */
  public abstract SecretResult result(String name, SecretException failure);

  /** The same bytes as a value that only the engine can overwrite. */
  public abstract SecretValue toShared(SecretValue value);

  /** The bytes themselves, to overwrite. */
  public abstract byte[] sharedBytes(SecretValue value);

  /** Overwrites a shared value. */
  public abstract void overwrite(SecretValue value);

  /** The note that was left on a value; guarded by the value's monitor. */
  public abstract @Nullable Object watch(SecretValue value);

  /** Leaves a note on a value; guarded by the value's monitor. */
  public abstract void watch(SecretValue value, @Nullable Object noted);
}
