package de.lifetimecircle.secrets.aws;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.http.client.methods.HttpRequestBase;

/**
 * Ends an exchange whose thread is interrupted: a thread that waits for a socket does not notice,
 * so the timer looks at each of them, and aborts its request, which closes the socket under it.
 *
 * <p>Making the exchange on another thread and waiting for that one would notice at once; but it
 * takes two changes of threads for every read, about a third of what the SDK itself costs, for the
 * sake of the few reads that are interrupted.
 *
 * <p>Safe for use by several threads. The timer looks while there are exchanges and for a second
 * after the last. An exchange is in the map before it asks whether somebody looks; the timer says
 * that it stops before it asks whether the map is empty; so one of the two goes on. No lock is
 * held.
 */
final class AwsInterrupts {
  private static final long PERIOD_MILLIS = 10;
  private static final int LOOKS_AFTER_THE_LAST = 100;

  private final ScheduledExecutorService timer;
  private final Map<HttpRequestBase, Thread> underWay = new ConcurrentHashMap<>();
  private final AtomicBoolean looking = new AtomicBoolean();
  private int looksAtNone; // only the timer's thread uses it

  AwsInterrupts(ScheduledExecutorService timer) {
    this.timer = timer;
  }

  /** What is waited for. */
  interface Exchange<T> {
    T make() throws IOException;
  }

  /**
   * Makes an exchange on the calling thread.
   *
   * @throws InterruptedIOException when it was interrupted meanwhile; the flag is set still
   */
  <T> T ending(HttpRequestBase request, Exchange<T> exchange) throws IOException {
    underWay.put(request, Thread.currentThread());
    try {
      if (!looking.get() && looking.compareAndSet(false, true)) {
        lookLater();
      }
      return exchange.make();
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("interrupted while waiting for an answer");
      }
      throw e;
    } finally {
      underWay.remove(request);
    }
  }

  private void lookLater() {
    try {
      var unused = timer.schedule(this::look, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // The store was closed, and its connections with it: nothing waits for long.
    }
  }

  private void look() {
    underWay.forEach(
        (request, thread) -> {
          if (thread.isInterrupted()) {
            request.abort();
          }
        });
    looksAtNone = underWay.isEmpty() ? looksAtNone + 1 : 0;
    if (looksAtNone < LOOKS_AFTER_THE_LAST || !stops()) {
      lookLater();
    }
  }

  private boolean stops() {
    looksAtNone = 0;
    looking.set(false);
    return underWay.isEmpty() || !looking.compareAndSet(false, true);
  }
}
