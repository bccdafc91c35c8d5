package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.internal.metrics.EngineMetrics;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Ends the watch of each handle once: when it is closed, or when no code has a reference to it any
 * more, so that a handle that was dropped does not keep its name fresh for ever.
 *
 * <p>It has no thread of its own: each new handle and each load sweeps. Safe for use by several
 * threads; never blocks.
 */
public final class HandleRegistry {
  private final ReferenceQueue<WatchedHandle> dropped = new ReferenceQueue<>();
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();

  /** The watch of one handle. Knows the entry, and of the handle only that it is gone. */
  private final class Watch extends PhantomReference<WatchedHandle> implements Runnable {
    private final Entry entry;

    Watch(WatchedHandle handle, Entry entry) {
      super(handle, dropped);
      this.entry = entry;
    }

    /** Ends the watch, unless it has ended. */
    @Override
    public void run() {
      if (watches.remove(this)) {
        entry.unwatch();
      }
    }
  }

  /**
   * Makes a handle.
   *
   * @param entry is watched already; null for a name that is overridden
   */
  public WatchedHandle make(
      String name,
      @Nullable Entry entry,
      SecretProvider provider,
      @Nullable EngineMetrics readMetrics) {
    sweep();
    WatchedHandle handle = new WatchedHandle(name, entry, provider, readMetrics);
    if (entry != null) {
      Watch watch = new Watch(handle, entry);
      watches.add(watch);
      handle.onClose(watch);
    }
    return handle;
  }

  /** Ends the watches of handles that no code refers to any more. */
  void sweep() {
    for (Object gone = dropped.poll(); gone != null; gone = dropped.poll()) {
      ((Watch) gone).run();
    }
  }
}
