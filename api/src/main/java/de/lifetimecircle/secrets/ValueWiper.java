package de.lifetimecircle.secrets;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Overwrites the values that a provider handed out: each once nobody can read it any more, all of
 * them when the provider is closed.
 *
 * <p>The cache cannot know when the last reader has dropped a displaced value; the garbage
 * collector does. It hands over the reference of an unreachable value, whose bytes are still held
 * here. Copies that a collector made of the bytes while it moved them are beyond anybody's reach;
 * this shortens the time in which a memory dump shows old values, and promises no more.
 *
 * <p>No thread of its own: every load sweeps. Safe for use by several threads; never blocks.
 */
final class ValueWiper {
  private final ReferenceQueue<SecretValue> unreachable = new ReferenceQueue<>();
  private final Set<Remnant> remnants = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private static final class Remnant extends WeakReference<SecretValue> {
    private final byte[] bytes;

    Remnant(SecretValue value, ReferenceQueue<SecretValue> queue) {
      super(value, queue);
      this.bytes = value.sharedBytes();
    }

    void overwrite() {
      SecretValue value = get();
      if (value != null) {
        value.overwrite(); // a reader of this one is told
      } else {
        Arrays.fill(bytes, (byte) 0);
      }
    }
  }

  /** Looks after a value from now on. */
  SecretValue lookAfter(SecretValue value) {
    sweep();
    remnants.add(new Remnant(value, unreachable));
    if (closed) { // asked after the value can be seen, so that close() misses none
      close();
    }
    return value;
  }

  void sweep() {
    for (Object gone = next(); gone != null; gone = next()) {
      Remnant remnant = (Remnant) gone;
      remnant.overwrite();
      remnants.remove(remnant);
    }
  }

  private @Nullable Object next() {
    return unreachable.poll();
  }

  void close() {
    closed = true;
    for (Remnant remnant : remnants) {
      remnant.overwrite();
    }
    remnants.clear();
  }
}
