package de.lifetimecircle.secrets;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The pipeline's stage between cache and store: a total deadline, retries, and the last translation
 * of what a store throws.
 *
 * <p>A call runs on a worker, never on the caller's thread: so a hung store costs its callers the
 * deadline and not more, and the interrupt of one of many waiters does not harm the others. At the
 * deadline the worker is interrupted and what it may still bring is dropped. Between two tries no
 * thread sleeps: the next try is a task of the timer.
 */
final class Calls {
  private static final long FIRST_WAIT_MILLIS = 50;

  /** What a call is for. */
  enum Patience {
    /** Somebody waits for it, and a second try may save them. */
    RETRY,
    /** Somebody waits for it, and a second try may do harm or is not worth it. */
    ONCE,
    /** Nobody waits for it; the next one comes by itself. */
    BACKGROUND
  }

  private final String scheme;
  private final Duration timeout;
  private final int retries;
  private final Threads threads;
  private final RandomGenerator random;
  private final Meter meter;
  private final Set<Call<?>> underWay = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  Calls(String scheme, Policy policy, Threads threads, RandomGenerator random, Meter meter) {
    this.scheme = scheme;
    this.timeout = policy.timeout();
    this.retries = policy.retries();
    this.threads = threads;
    this.random = random;
    this.meter = meter;
  }

  /** Starts a call; the result fails with {@link SecretException} only, at the deadline at last. */
  <T> Call<T> start(Patience patience, String action, String name, Supplier<T> work) {
    // Threads of their own, so that refreshes of a hung backend keep no reader from it.
    ExecutorService workers =
        patience == Patience.BACKGROUND ? threads.refreshers() : threads.workers();
    Call<T> call =
        new Call<>(workers, action, name, patience == Patience.RETRY ? retries : 0, work);
    underWay.add(call);
    if (closed) { // asked after the call can be seen, so that close() misses none
      call.settle(null, closed(action, name));
      return call;
    }
    try {
      call.alarm = threads.timer().schedule(call::timeOut, timeout.toNanos(), TimeUnit.NANOSECONDS);
      call.attempt();
    } catch (RejectedExecutionException e) {
      call.settle(null, closed(action, name));
    }
    return call;
  }

  /** Ends every call under way with {@code CLOSED}, and every later one. */
  void close() {
    closed = true;
    for (Call<?> call : underWay) {
      call.settle(null, closed(call.action, call.name));
      call.interruptWorker();
    }
  }

  /** Starts a call that has one waiter and waits for it. */
  <T> T run(Patience patience, String action, String name, Supplier<T> work) {
    Call<T> call = start(patience, action, name, work);
    try {
      return await(call.result, action, name);
    } finally {
      call.abandon();
    }
  }

  /** Waits for a result that a deadline bounds. */
  static <T> T await(CompletableFuture<T> result, String action, String name) {
    try {
      return result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SecretException.of(SecretException.Kind.INTERRUPTED, action)
          .name(name)
          .reason("the waiting thread was interrupted")
          .build();
    } catch (ExecutionException | CancellationException e) {
      throw failure(e).again();
    }
  }

  /** Answers by what is newer, if that brings anything, else by the value, else by the failure. */
  static <T> void answer(
      CompletableFuture<T> answer,
      @Nullable CompletableFuture<T> newer,
      @Nullable T value,
      Throwable why) {
    if (newer != null) {
      CompletableFuture<T> unused =
          newer.whenComplete((v, failed) -> answer(answer, null, v != null ? v : value, why));
    } else if (value != null) {
      answer.complete(value);
    } else {
      answer.completeExceptionally(failure(why));
    }
  }

  /** What a result failed with. */
  static SecretException failure(Throwable thrown) {
    Throwable cause =
        thrown instanceof ExecutionException || thrown instanceof CompletionException
            ? thrown.getCause()
            : thrown;
    return cause instanceof SecretException known
        ? known
        : SecretException.of(SecretException.Kind.INTERNAL, "finish a call")
            .reason("it ended without an answer")
            .cause(withoutText(cause == null ? thrown : cause))
            .build();
  }

  static SecretException closed(String action, String name) {
    return SecretException.of(SecretException.Kind.CLOSED, action)
        .name(name)
        .reason("the provider is closed")
        .advice("Use the provider before it is closed, or open another")
        .build();
  }

  /** Type and stack of a failure nobody foresaw; its text may hold anything, a value too. */
  private static Throwable withoutText(Throwable thrown) {
    RuntimeException copy =
        new RuntimeException(thrown.getClass().getName() + " (its text is left out)");
    copy.setStackTrace(thrown.getStackTrace());
    return copy;
  }

  /** One call: settles exactly once. */
  final class Call<T> {
    final CompletableFuture<T> result = new CompletableFuture<>();
    private final ExecutorService workers;
    private final String action;
    private final String name;
    private final Supplier<T> work;
    private int triesLeft;
    private long wait = FIRST_WAIT_MILLIS;
    private volatile @Nullable Future<?> alarm;
    private volatile @Nullable Future<?> retry;
    private volatile @Nullable Future<?> running;

    private Call(
        ExecutorService workers, String action, String name, int retries, Supplier<T> work) {
      this.workers = workers;
      this.action = action;
      this.name = name;
      this.triesLeft = retries;
      this.work = work;
    }

    private void attempt() {
      if (result.isDone()) {
        return;
      }
      try {
        running = workers.submit(this::tryOnce);
      } catch (RejectedExecutionException closing) {
        settle(null, closed(action, name));
      }
      if (result.isDone()) { // the deadline passed before the task was known to be interrupted
        interruptWorker();
      }
    }

    private void tryOnce() {
      if (result.isDone()) {
        return;
      }
      T value;
      try {
        meter.called();
        value = work.get();
      } catch (SecretException e) {
        retryOrFail(e);
        return;
      } catch (Throwable e) { // a store is foreign code: whatever it throws, the waiters hear of it
        settle(null, unforeseen(e));
        return;
      }
      settle(value, null);
    }

    private void retryOrFail(SecretException e) {
      long asked = e.retryAfter().map(Duration::toMillis).orElse(0L);
      long jittered = wait + random.nextLong(wait);
      long next = Math.max(asked, jittered);
      if (!e.retryable() || triesLeft == 0 || next >= timeout.toMillis()) {
        settle(null, e);
        return;
      }
      triesLeft--;
      wait *= 2;
      try {
        retry = threads.timer().schedule(this::attempt, next, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException closing) {
        settle(null, e);
      }
    }

    private SecretException unforeseen(Throwable e) {
      return SecretException.of(SecretException.Kind.INTERNAL, action)
          .name(name)
          .scheme(scheme)
          .reason("the backend failed in a way that it does not explain")
          .advice("Report it with the stack trace of the cause")
          .cause(withoutText(e))
          .build();
    }

    private void timeOut() {
      boolean late =
          result.completeExceptionally(
              SecretException.of(SecretException.Kind.TIMEOUT, action)
                  .name(name)
                  .scheme(scheme)
                  .reason("no answer within " + timeout.toMillis() + " ms")
                  .advice("Check that the backend is up, or raise 'timeout'")
                  .build());
      if (late) {
        interruptWorker();
      }
      done();
    }

    private void settle(@Nullable T value, @Nullable SecretException error) {
      if (error != null) {
        result.completeExceptionally(error);
      } else {
        result.complete(value);
      }
      done();
    }

    /** Ends a call that nobody waits for any more; has no effect on one that is done. */
    void abandon() {
      if (result.cancel(false)) {
        interruptWorker();
      }
      done();
    }

    private void interruptWorker() {
      Future<?> task = running;
      if (task != null) {
        task.cancel(true);
      }
    }

    private static void cancel(@Nullable Future<?> task) {
      if (task != null) {
        task.cancel(false);
      }
    }

    private void done() {
      underWay.remove(this);
      cancel(alarm);
      cancel(retry);
    }
  }
}
