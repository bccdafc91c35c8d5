package de.lifetimecircle.secrets.aws.transport;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;

/**
 * Closes connections that were not used for a while, or that have reached the end of their
 * lifetime. Without it a service that reads once an hour keeps the connections of its start, most
 * of them closed by the other side long ago.
 *
 * <p>Safe for use by several threads. The timer looks while there are connections, and not at all
 * when there are none. No lock is held.
 */
public final class IdleConnections {
  private final PoolingHttpClientConnectionManager pool;
  private final ScheduledExecutorService timer;
  private final Duration limit;
  private final AtomicBoolean looking = new AtomicBoolean();

  /**
   * Looks after a pool.
   *
   * @param limit how long a connection may be idle; it is closed by twice that time
   */
  public IdleConnections(
      PoolingHttpClientConnectionManager pool, ScheduledExecutorService timer, Duration limit) {
    this.pool = pool;
    this.timer = timer;
    this.limit = limit;
  }

  /** Says that a connection was used. */
  public void used() {
    if (!looking.get() && looking.compareAndSet(false, true)) {
      lookLater();
    }
  }

  private void lookLater() {
    try {
      var unused = timer.schedule(this::look, limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // The store was closed, and its connections with it.
    }
  }

  private void look() {
    pool.closeExpiredConnections();
    pool.closeIdleConnections(limit.toMillis(), TimeUnit.MILLISECONDS);
    if (pool.getTotalStats().getAvailable() + pool.getTotalStats().getLeased() > 0) {
      lookLater();
    } else {
      looking.set(false);
    }
  }
}
