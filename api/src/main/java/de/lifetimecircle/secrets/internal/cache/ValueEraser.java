package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.internal.types.EngineAccess;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Overwrites the values that a provider fetched: each one when no code can read it any longer, all
 * of them when the provider is closed.
 *
 * <p>The cache cannot know when the last reader has dropped a displaced value; the garbage
 * collector does. It hands over the reference of an unreachable value, whose bytes are still held
 * here. No code can reach the copies that a collector made while it moved the bytes. So this class
 * shortens the time in which a memory dump shows old values, and promises nothing else.
 *
 * <p>A value is not watched while a cache entry holds it: no code drops it, and the entry
 * overwrites it when the provider is closed. So a cached name costs nothing here. The rule: a value
 * is watched from its fetch until an entry holds it ({@link #held}), and again after the entry has
 * dropped it. If two entries hold a value and one drops it, it is watched too early, which does no
 * harm.
 *
 * <p>No thread of its own: every load sweeps. Safe for use by several threads; never blocks. Locks
 * the value's monitor, and nothing else inside it.
 */
public final class ValueEraser {
  private final ReferenceQueue<SecretValue> unreachable = new ReferenceQueue<>();
  private final Set<Remnant> remnants = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private static final class Remnant extends WeakReference<SecretValue> {
    private final byte[] bytes;

    Remnant(SecretValue value, ReferenceQueue<SecretValue> queue) {
      super(value, queue);
      this.bytes = EngineAccess.types().sharedBytes(value);
    }

    void overwrite() {
      SecretValue value = get();
      if (value != null) {
        EngineAccess.types().overwrite(value); // a reader of this value gets an exception
      } else {
        Arrays.fill(bytes, (byte) 0);
      }
    }
  }

  /** Watches a value from now on, unless it does already. */
  SecretValue lookAfter(SecretValue value) {
    sweep();
    synchronized (value) {
      if (EngineAccess.types().watch(value) == null) {
        Remnant remnant = new Remnant(value, unreachable);
        EngineAccess.types().watch(value, remnant);
        remnants.add(remnant);
      }
    }
    if (closed) { // asked after the value can be seen, so that close() misses none
      close();
    }
    return value;
  }

  /** An entry holds the value from now on, and will report when it drops it. */
  void held(SecretValue value) {
    synchronized (value) {
      if (EngineAccess.types().watch(value) instanceof Remnant remnant) {
        remnants.remove(remnant);
        remnant.clear(); // else the collector would hand it over all the same
        EngineAccess.types().watch(value, null);
      }
    }
  }

  void sweep() {
    for (Object gone = unreachable.poll(); gone != null; gone = unreachable.poll()) {
      Remnant remnant = (Remnant) gone;
      remnant.overwrite();
      remnants.remove(remnant);
    }
  }

  public void close() {
    closed = true;
    for (Remnant remnant : remnants) {
      remnant.overwrite();
    }
    remnants.clear();
  }
}
