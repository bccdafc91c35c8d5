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
 * Ends an exchange whose thread is interrupted. A thread that waits for a socket does not notice an
 * interrupt, so the timer checks each waiting thread and aborts its request, which closes the
 * socket.
 *
 * <p>Running the exchange on another thread would notice at once. But it costs two thread switches
 * for every read, about a third of the time that the SDK itself takes, for the sake of the few
 * reads that are interrupted.
 *
 * <p>Safe for use by several threads. The timer runs while there are exchanges and for a second
 * after the last one. An exchange enters the map before it asks whether the timer runs; the timer
 * announces its stop before it asks whether the map is empty. So either the timer sees the exchange
 * or the exchange starts the timer. No lock is held.
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

  /** The exchange that a thread waits for. */
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
