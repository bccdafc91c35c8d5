package de.lifetimecircle.secrets.vault.login;

import de.lifetimecircle.secrets.vault.errors.Deadline;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Renews the token in the background before it expires: at two thirds of its time, a tenth of it
 * earlier or later, so that a fleet that started together does not come together. Asks first how
 * long a token of the settings is good, again and again until the server has answered.
 *
 * <p>Safe for use by several threads. One thread of its own, made with the first token that ends,
 * and gone after {@link #close}. A task whose token is no longer held does nothing.
 */
public final class TokenRenewal implements AutoCloseable {
  private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(30);
  private static final long SHORTEST_WAIT = TimeUnit.MILLISECONDS.toNanos(100);

  private final Session session;
  private final Duration timeout;
  private @Nullable ScheduledThreadPoolExecutor timer;
  private boolean closed;

  TokenRenewal(Session session, Duration timeout) {
    this.session = session;
    this.timeout = timeout;
  }

  /** Plans the renewal of a token; nothing for a token without an end. */
  void plan(Session.Held token) {
    long left = token.expires() - System.nanoTime();
    if (token.grant().seconds() > 0) {
      schedule(session::renew, token, untilRenewal(left, ThreadLocalRandom.current().nextDouble()));
    } else if (!token.grant().isOurs() && token.mark().isEmpty()) {
      schedule(session::learn, token, 0);
    }
  }

  /**
   * How long to wait before a token is renewed.
   *
   * @param left how long it is good from now on
   * @param jitter from 0 to 1
   */
  public static long untilRenewal(long left, double jitter) {
    return (long) (left / 1.5 * (0.9 + 0.2 * jitter));
  }

  private synchronized void schedule(
      BiConsumer<Session.Held, Deadline> work, Session.Held token, long wait) {
    if (closed) {
      return;
    }
    if (timer == null) {
      timer = new ScheduledThreadPoolExecutor(1, TokenRenewal::daemon);
      timer.setRemoveOnCancelPolicy(true);
    }
    var unused = timer.schedule(() -> run(work, token), wait, TimeUnit.NANOSECONDS);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "secrets-vault-renewal");
    thread.setDaemon(true);
    return thread;
  }

  private void run(BiConsumer<Session.Held, Deadline> work, Session.Held token) {
    try {
      work.accept(token, Deadline.in(timeout));
    } catch (RuntimeException e) { // the server fails, or a defect: the renewal goes on
      again(work, token);
    }
  }

  private void again(BiConsumer<Session.Held, Deadline> work, Session.Held token) {
    boolean hasEnd = token.grant().seconds() > 0;
    long left = hasEnd ? token.expires() - System.nanoTime() : 3 * timeout.toNanos();
    if (left > 0) {
      double share = (0.9 + 0.2 * ThreadLocalRandom.current().nextDouble()) / 3;
      schedule(work, token, Math.max(SHORTEST_WAIT, Math.min(LONGEST_WAIT, (long) (left * share))));
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (timer != null) {
      timer.shutdownNow();
    }
  }
}
