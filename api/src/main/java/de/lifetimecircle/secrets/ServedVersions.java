package de.lifetimecircle.secrets;

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
 * <p>Guarded by its own monitor, in which nothing else is called.
 */
final class ServedVersions {
  /**
   * Lagging replicas answer with one of the last few versions; the creation time identifies older
   * ones.
   */
  private static final int KEPT = 8;

  /** The last versions that others displaced, newest first; null until the first rotation. */
  private @Nullable Deque<String> displaced;

  private @Nullable String served;
  private Instant servedCreated = Instant.EPOCH;
  private boolean anyMayCome;

  /** Of a name of which this answer was served, if any. */
  static ServedVersions startingWith(@Nullable Secret held) {
    ServedVersions versions = new ServedVersions();
    if (held != null) {
      var unused = versions.serve(held);
    }
    return versions;
  }

  /** The version that an answer seems to be older than. */
  interface Order {
    /**
     * As {@link ServedVersions#newerThan}, with the knowledge at the time of the call.
     *
     * @return null if there is nothing to suspect
     */
    @Nullable String newerThan(String version, Instant created);
  }

  /** Records the version served from now on; returns the one before, if it was different. */
  synchronized @Nullable String serve(Secret fresh) {
    String before = served;
    anyMayCome = false;
    servedCreated = fresh.createdOrEpoch();
    if (fresh.version().equals(before)) {
      return null;
    }
    served = fresh.version();
    if (before != null) {
      displaced(before, served);
    }
    return before;
  }

  private void displaced(String before, String now) {
    Deque<String> known = displaced == null ? new ArrayDeque<>(KEPT) : displaced;
    known.remove(now);
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
  synchronized @Nullable String newerThan(String version, Instant created) {
    if (served == null || version.equals(served) || anyMayCome) {
      return null;
    }
    boolean timed = isKnown(created) && isKnown(servedCreated);
    boolean older = timed && created.isBefore(servedCreated);
    return older || (displaced != null && displaced.contains(version)) ? served : null;
  }

  /** Whether the backend said when it made the version. */
  static boolean isKnown(Instant created) {
    return !created.equals(Instant.EPOCH);
  }
}
