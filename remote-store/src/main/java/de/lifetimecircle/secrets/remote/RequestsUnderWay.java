package de.lifetimecircle.secrets.remote;

import de.lifetimecircle.secrets.remote.HttpTransport.NoTurnException;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The requests of a store that are under way, for a client that answers with futures, as the JDK's
 * does: at most as many at once as the settings allow, each within its time. A request ends early
 * when the waiting thread is interrupted and when the store is closed; then its future is
 * cancelled, which closes the connection.
 *
 * <p>Safe for use by several threads. States: open, then closed for ever. No lock: permits limit
 * the running requests, and those that wait for one are served in their order. A request enters a
 * concurrent map before it looks at the flag, so that {@link #close} misses none.
 */
final class RequestsUnderWay implements AutoCloseable {
  private final Semaphore permits;
  private final Map<Object, CompletableFuture<?>> underWay = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * Makes the limit of a store.
   *
   * @param atOnce how many requests may run at once, at least 1
   */
  RequestsUnderWay(int atOnce) {
    if (atOnce < 1) {
      throw new IllegalArgumentException("atOnce: " + atOnce + " (expected: at least 1)");
    }
    this.permits = new Semaphore(atOnce, true);
  }

  /**
   * Sends a request when it is its turn, and waits for the answer. Blocks the calling thread.
   *
   * @param <T> the answer
   * @param time how long turn and answer may take together
   * @param request sends the request; called once, or not at all
   * @return the answer
   * @throws NoTurnException if the request was never sent
   * @throws TimeoutException if no answer came in time
   * @throws ExecutionException if the request failed, with the client's exception as its cause
   * @throws StoreFailure {@code INTERRUPTED} with the flag set again, or {@code CLOSED}
   */
  <T> T await(Duration time, Supplier<CompletableFuture<T>> request)
      throws TimeoutException, ExecutionException {
    long end = System.nanoTime() + time.toNanos();
    try {
      if (!permits.tryAcquire(time.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new NoTurnException();
      }
    } catch (InterruptedException e) {
      throw StoreFailure.interrupted();
    }
    try {
      return answer(request.get(), end);
    } finally {
      permits.release();
    }
  }

  private <T> T answer(CompletableFuture<T> answer, long end)
      throws TimeoutException, ExecutionException {
    Object key = new Object();
    underWay.put(key, answer);
    try {
      if (closed) {
        throw StoreFailure.closed();
      }
      return answer.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw StoreFailure.interrupted();
    } catch (CancellationException e) {
      throw StoreFailure.closed();
    } catch (ExecutionException e) {
      if (closed) {
        throw StoreFailure.closed();
      }
      throw e;
    } finally {
      underWay.remove(key);
      // Without effect on an answer that is there; else it closes the connection.
      answer.cancel(true);
    }
  }

  /** Ends all requests with {@code CLOSED}; later ones end so at once. */
  @Override
  public void close() {
    closed = true;
    underWay.values().forEach(answer -> answer.cancel(true));
  }
}
