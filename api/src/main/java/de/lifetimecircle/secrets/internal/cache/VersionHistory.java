package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.Secret;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Which versions of one name were served, so that an answer that goes back is noticed: a replica
 * that lags behind answers an older version than the one before it did.
 *
 * <p>An answer goes back when its version was displaced earlier, or when it was made before the one
 * that is served. Version ids are opaque and clocks differ, so this is a suspicion only; the
 * backend is then asked for its list of versions ({@link SecretLoader}).
 *
 * <p>A backend that numbers versions numbers them from 1 again for a name that was purged and put
 * again. A known id with another time is therefore a new version, and no lagging replica can answer
 * it. Where the backend tells no time, the id alone has to do.
 *
 * <p>Guarded by its own monitor, in which nothing else is called.
 */
final class VersionHistory {
  /**
   * Lagging replicas answer with one of the last few versions; the creation time identifies older
   * ones.
   */
  private static final int KEPT = 8;

  /** The last versions that others displaced, newest first; null until the first rotation. */
  private @Nullable Deque<Version> displaced;

  private @Nullable Version served;
  private boolean anyMayCome;

  /**
   * A version, without its value.
   *
   * @param created when the backend made it; {@link Instant#EPOCH} if it does not say
   */
  record Version(String id, Instant created) {
    static Version of(Secret secret) {
      return new Version(secret.version(), VersionHistory.created(secret));
    }

    /** Whether they are one version, as far as the backend tells. */
    boolean isSameAs(Version other) {
      return id.equals(other.id)
          && (created.equals(other.created) || !isKnown(created) || !isKnown(other.created));
    }

    /** Whether this one was made before the other; false if a time is unknown. */
    boolean isOlderThan(Version other) {
      return isRemade(created, other.created);
    }
  }

  /** Starts the history with the version that was served first, if there is one. */
  static VersionHistory startingWith(@Nullable Secret held) {
    VersionHistory versions = new VersionHistory();
    if (held != null) {
      versions.serve(held);
    }
    return versions;
  }

  /** Returns the id of the version served so far, if this answer is of a different one. */
  synchronized @Nullable String displacedBy(Secret fresh) {
    Version before = served;
    return before == null || before.isSameAs(Version.of(fresh)) ? null : before.id();
  }

  /** Records the version served from now on. */
  synchronized void serve(Secret fresh) {
    Version before = served;
    Version now = Version.of(fresh);
    if (before != null && !before.isSameAs(now)) {
      displaced(before, now);
    }
    anyMayCome = false;
    served = now;
  }

  private void displaced(Version before, Version now) {
    Deque<Version> known = displaced == null ? new ArrayDeque<>(KEPT) : displaced;
    known.removeIf(now::isSameAs);
    if (known.size() == KEPT) {
      known.removeLast();
    }
    known.addFirst(before);
    displaced = known;
  }

  /** The backend was changed on purpose: whatever comes next is right. */
  synchronized void overtaken() {
    anyMayCome = true;
  }

  /**
   * The version that the answer seems to be older than.
   *
   * @return null if there is nothing to suspect
   */
  synchronized @Nullable Version newerThan(Version answer) {
    Version now = served;
    if (now == null || anyMayCome || answer.isSameAs(now)) {
      return null;
    }
    Deque<Version> before = displaced == null ? new ArrayDeque<>(0) : displaced;
    if (before.stream().anyMatch(answer::isSameAs)) {
      return now;
    }
    boolean isRemade =
        answer.id().equals(now.id())
            || before.stream().anyMatch(version -> version.id().equals(answer.id()));
    return !isRemade && answer.isOlderThan(now) ? now : null;
  }

  /** Whether a version was made again under its id: both times are known, and one is later. */
  static boolean isRemade(Instant before, Instant now) {
    return isKnown(before) && isKnown(now) && now.isAfter(before);
  }

  /**
   * As {@link Secret#created}, with {@link Instant#EPOCH} if the backend does not give the time.
   */
  public static Instant created(Secret secret) {
    return secret.created().orElse(Instant.EPOCH);
  }

  /** Whether the backend said when it made the version. */
  static boolean isKnown(Instant created) {
    return !created.equals(Instant.EPOCH);
  }
}
