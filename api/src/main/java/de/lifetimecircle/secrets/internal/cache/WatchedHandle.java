package de.lifetimecircle.secrets.internal.cache;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretHandle;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.internal.metrics.EngineMetrics;
import org.jspecify.annotations.Nullable;

/**
 * Reads the field of its entry: a watched entry is retired only when the provider closes. A name
 * that is overridden has no entry and is asked for as by {@code get}; so has a handle that is
 * closed, which then says so.
 */
final class WatchedHandle implements SecretHandle {
  private final String name;
  private final SecretProvider provider;
  private final @Nullable EngineMetrics readMetrics;

  /** A plain field, which keeps a read cheap: a thread may see a moment late that it is closed. */
  private @Nullable Entry entry;

  private volatile boolean closed;
  private volatile @Nullable Runnable end;

  WatchedHandle(
      String name,
      @Nullable Entry entry,
      SecretProvider provider,
      @Nullable EngineMetrics readMetrics) {
    this.name = name;
    this.entry = entry;
    this.provider = provider;
    this.readMetrics = readMetrics;
  }

  /** Lets {@link #close} do that; it may be done twice. */
  void onClose(Runnable ending) {
    end = ending;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Secret get() {
    Entry watched = entry;
    Secret served = watched == null ? null : watched.served;
    if (served == null) {
      return ask();
    }
    return readMetrics == null ? served : readMetrics.read(served);
  }

  private Secret ask() {
    if (closed) {
      throw SecretException.of(SecretException.Kind.CLOSED, "read the handle of secret")
          .name(name)
          .reason("the handle is closed")
          .advice("Make another one, or call get on the provider")
          .build();
    }
    return provider.get(name);
  }

  @Override
  public void close() {
    closed = true;
    entry = null;
    Runnable ending = end;
    if (ending != null) {
      ending.run();
    }
  }
}
