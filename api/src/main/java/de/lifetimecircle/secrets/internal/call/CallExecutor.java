package de.lifetimecircle.secrets.internal.call;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.internal.config.CachePolicy;
import de.lifetimecircle.secrets.internal.metrics.EngineMetrics;
import de.lifetimecircle.secrets.internal.types.EngineAccess;
import de.lifetimecircle.secrets.spi.ListProgress;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The pipeline's stage between cache and store: a total deadline, retries, and the last translation
 * of a store's exceptions.
 *
 * <p>A call runs on a worker, so a hung store costs its callers at most the deadline, and the
 * interrupt of one waiter does not harm the others. At the deadline the worker is interrupted, and
 * a late result is dropped. Between two attempts no thread sleeps: the next attempt is a task of
 * the timer.
 */
public final class CallExecutor {
  /** A list that takes that many times {@code timeout} fails, although its backend answers. */
  static final int MOST_STEPS = 60;

  private static final long FIRST_WAIT_MILLIS = 50;

  /** The purpose of a call. */
  public enum CallMode {
    /** A caller waits; a failure is retried. */
    RETRY,
    /** As RETRY, of one name among many: it keeps no thread from those who ask for one. */
    BULK,
    /** As BULK, where a second try is not worth it. */
    BULK_ONCE,
    /** A caller waits; a second try may do harm or is not worth it. */
    ONCE,
    /** No caller waits; the next one comes by itself. */
    BACKGROUND;

    /** The same without a second try. */
    public CallMode once() {
      return switch (this) {
        case RETRY, ONCE -> ONCE;
        case BULK, BULK_ONCE -> BULK_ONCE;
        case BACKGROUND -> BACKGROUND;
      };
    }
  }

  private final String scheme;
  private final Duration timeout;
  private final int retries;
  private final EngineThreads threads;
  private final RandomGenerator random;
  public final EngineMetrics metrics;
  private final Deadlines deadlines;
  private final ColdStart coldStart;

  /** Ticks while a call is under way or another step of it needs that. */
  public final Sweep sweep;

  private volatile boolean closed;

  /** Calls of one store. */
  public CallExecutor(
      String scheme,
      CachePolicy policy,
      EngineThreads threads,
      RandomGenerator random,
      EngineMetrics metrics) {
    this.scheme = scheme;
    this.timeout = policy.timeout();
    this.coldStart =
        threads.haveOwnTime()
            ? new ColdStart(ColdStart::processorNanos, timeout.toNanos())
            : ColdStart.none();
    this.sweep = new Sweep(policy, threads, metrics);
    this.deadlines = new Deadlines(threads.timer, timeout.toNanos(), sweep, coldStart);
    this.retries = policy.retries();
    this.threads = threads;
    this.random = random;
    this.metrics = metrics;
  }

  /** Starts a call on a worker; the rest is as in {@link #prepare}. */
  public <T> Call<T> start(CallMode mode, String action, String name, Supplier<T> work) {
    Call<T> call = prepare(mode, action, name, work);
    call.attempt();
    return call;
  }

  /**
   * Prepares a call that is begun by {@link Call#attempt}. The result fails with {@link
   * SecretException} only, at the deadline at last.
   */
  public <T> Call<T> prepare(CallMode mode, String action, String name, Supplier<T> work) {
    boolean repeated = mode == CallMode.RETRY || mode == CallMode.BULK;
    Call<T> call = new Call<>(workers(mode), action, name, repeated ? retries : 0, work);
    try {
      deadlines.watch(call);
    } catch (RejectedExecutionException | OutOfMemoryError e) { // the latter: no thread was started
      call.settle(null, refused(action, name, e));
    }
    if (closed) { // asked after the call can be seen, so that close() misses none
      call.settle(null, closed(action, name));
    }
    return call;
  }

  /**
   * Prepares a call each of whose tries takes its answer from another call. Until that has ended,
   * the try waits without a thread; if its time is over, so is that of this call.
   *
   * @param awaited begins the other call and returns whether it has the answer; asked before each
   *     try
   */
  public <T> Call<T> prepareShare(
      CallMode mode,
      String action,
      String name,
      Supplier<T> work,
      Supplier<CompletableFuture<Boolean>> awaited) {
    Call<T> call = prepare(mode, action, name, work);
    call.awaited = awaited;
    return call;
  }

  /** Threads of their own, so that refreshes of a hung backend keep no reader from it. */
  private Executor workers(CallMode mode) {
    return switch (mode) {
      case BACKGROUND -> threads.refreshers;
      case BULK, BULK_ONCE -> threads.bulk;
      case RETRY, ONCE -> threads.workers;
    };
  }

  /** Ends every call under way with {@code CLOSED}, and every later one. */
  public void close() {
    closed = true;
    for (Call<?> call : deadlines.underWay()) {
      try {
        call.settle(null, closed(call.action, call.name));
        call.interruptWorker();
      } catch (Throwable e) { // the sweep delivers it; the others must not wait for that
        sweep.failed(e);
      }
    }
    sweep.close();
  }

  /** Starts a call that has one waiter and waits for it. */
  public <T> T run(CallMode mode, String action, String name, Supplier<T> work) {
    StackRoom.require();
    return await(start(mode, action, name, work));
  }

  /**
   * Starts and awaits a call that asks the backend several times. The work reports each answer, and
   * the time of the call begins again with it, in all at most {@link #MOST_STEPS} times. So do the
   * retries. A throttled step is retried as long as its time lasts: among thousands of requests a
   * few are throttled several times in a row.
   */
  public <T> T runInSteps(
      CallMode mode, String action, String name, Function<ListProgress, T> work) {
    StackRoom.require();
    Steps<T> steps = new Steps<>(work);
    Call<T> call = prepare(mode, action, name, steps);
    call.inSteps = true;
    steps.call = call;
    call.attempt();
    return await(call);
  }

  private static <T> T await(Call<T> call) {
    try {
      return await(call.result, call.action, call.name);
    } finally {
      call.abandon();
    }
  }

  /**
   * The work of a call that reports its steps; the fields are set before the call is begun. Its
   * tries follow one another, so the parts need no lock.
   */
  private final class Steps<T> implements Supplier<T>, ListProgress {
    private final Function<ListProgress, T> work;
    private final Map<String, Object> parts = new HashMap<>();
    private @Nullable Call<T> call;
    private long firstDeadline;

    Steps(Function<ListProgress, T> work) {
      this.work = work;
    }

    @Override
    public T get() {
      if (firstDeadline == 0 && call != null) {
        firstDeadline = call.deadline;
      }
      return work.apply(this);
    }

    @Override
    @SuppressWarnings("unchecked") // a part is asked for by one place in a store
    public <P> P part(String part, Supplier<P> request) {
      Object known = parts.get(part);
      if (known != null) {
        return (P) known;
      }
      P answer = request.get();
      parts.put(part, answer);
      if (call != null) {
        call.renewTries();
      }
      answered();
      return answer;
    }

    @Override
    public void answered() {
      if (call != null && deadlines.renew(call, firstDeadline) / MOST_STEPS >= timeout.toNanos()) {
        call.timeOut(
            "the answers have not come to an end within "
                + timeout.multipliedBy(MOST_STEPS).toMillis()
                + " ms");
      }
    }
  }

  /** Waits for a result that a deadline bounds. */
  public static <T> T await(CompletableFuture<T> result, String action, String name) {
    try {
      return result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SecretException.of(SecretException.Kind.INTERRUPTED, action)
          .name(name)
          .reason("the waiting thread was interrupted")
          .build();
    } catch (ExecutionException | CancellationException e) {
      throw EngineAccess.types().again(failure(e));
    }
  }

  /** Returns the exception that a result failed with; null if there is no result. */
  public static SecretException failure(@Nullable Throwable thrown) {
    Throwable cause =
        thrown instanceof ExecutionException || thrown instanceof CompletionException
            ? thrown.getCause()
            : thrown;
    return cause instanceof SecretException known
        ? known
        : SecretException.of(SecretException.Kind.INTERNAL, "finish a call")
            .reason("it ended without an answer")
            .cause(cause == null ? null : StoreFailure.withoutText(cause))
            .build();
  }

  /** Threads of the provider's own take every call; those that it was given may not. */
  private SecretException refused(String action, String name, Throwable cause) {
    if (closed) {
      return closed(action, name);
    }
    SecretException.Builder refusal =
        SecretException.of(SecretException.Kind.UNAVAILABLE, action).name(name).scheme(scheme);
    if (threads.areOurs()) {
      return refusal
          .reason("the system starts no more threads")
          .advice("Raise the limit of processes (ulimit -u, or pids.max of the container)")
          .build();
    }
    if (cause instanceof SuppliedExecutor.CallerRunsRejected) {
      return refusal
          .reason("the executor given to the provider runs a call on the thread that asks")
          .advice("Give it an executor that rejects calls that it cannot take, as AbortPolicy does")
          .build();
    }
    return refusal
        .reason("the executor given to the provider rejects calls")
        .advice("Give it more threads or a longer queue")
        .build();
  }

  public static SecretException closed(String action, String name) {
    return SecretException.of(SecretException.Kind.CLOSED, action)
        .name(name)
        .reason("the provider is closed")
        .advice("Use the provider before it is closed, or open another")
        .build();
  }

  /** One call: settles exactly once. A task of the workers, which makes one try. */
  public final class Call<T> implements Runnable {
    public final CompletableFuture<T> result = new CompletableFuture<>();
    private final Executor workers;
    private final String action;
    private final String name;
    private final Supplier<T> work;
    private final int retries;
    private int triesLeft;
    private long wait = FIRST_WAIT_MILLIS;

    /** Whether the work reports its steps; set before the call is begun. */
    private boolean inSteps;

    /** Begins the other call that each try waits for, if it takes its answer from there. */
    private @Nullable Supplier<CompletableFuture<Boolean>> awaited;

    /** The result of that other call, which always comes. */
    private volatile @Nullable CompletableFuture<Boolean> other;

    /** Whether it waits for a thread, or for another call, to make its first try. */
    volatile boolean isWaiting = true;

    /** When it was asked for; set before it is under way. */
    long asked;

    /** When its time is over; set before it is under way, and by the thread that makes it. */
    volatile long deadline;

    /** When its time is over at last, if it is one of the first; set with the deadline. */
    volatile long latest;

    /** By how much its deadline was put off; changed inside the monitor of the cold start. */
    long putOff;

    private volatile @Nullable Future<?> retry;
    private volatile @Nullable FutureTask<?> running;

    /** Whether a thread has begun the try that was given to the workers last. */
    private volatile boolean hasBegun;

    /** The thread that makes a try; null if none does. */
    private volatile @Nullable Thread worker;

    /** The load that lands with the result, if the call is of one. */
    private volatile @Nullable BiConsumer<@Nullable T, @Nullable Throwable> receiver;

    private final AtomicBoolean delivering = new AtomicBoolean();

    /** The error that kept it from having a result, which a sweep then reports. */
    private volatile @Nullable Throwable unsettled;

    private Call(Executor workers, String action, String name, int retries, Supplier<T> work) {
      this.workers = workers;
      this.action = action;
      this.name = name;
      this.retries = retries;
      this.triesLeft = retries;
      this.work = work;
    }

    /** A step was answered: the next one may be tried as often. */
    private void renewTries() {
      triesLeft = retries;
      wait = FIRST_WAIT_MILLIS;
    }

    /**
     * Lets a load have the result. The call stays under way until the receiver has taken it, which
     * may fail: then the result is delivered again, by a sweep.
     */
    public void deliverTo(BiConsumer<@Nullable T, @Nullable Throwable> load) {
      receiver = load;
      deadlines.keep(this);
    }

    private void deliver(BiConsumer<@Nullable T, @Nullable Throwable> load) {
      if (!delivering.compareAndSet(false, true)) {
        return;
      }
      boolean isTaken = false;
      try {
        T value = null;
        Throwable thrown = null;
        try {
          value = result.join();
        } catch (CompletionException | CancellationException e) {
          thrown = e;
        }
        load.accept(value, thrown);
        isTaken = true;
      } finally {
        if (isTaken) {
          deadlines.forget(this);
        } else {
          delivering.set(false);
        }
      }
    }

    /** Ends a call whose time is over; delivers a result that could not be delivered. */
    void endBefore(long now) {
      Throwable lost = unsettled;
      if (result.isDone()) {
        done();
      } else if (deadline <= now) {
        CompletableFuture<Boolean> its = other;
        if (its == null || its.isDone()) { // else it ends with the other call
          timeOut();
        }
      } else if (lost != null && receiver == null) {
        settle(null, unforeseen(lost));
      }
    }

    /** Makes a try on a worker. */
    public void attempt() {
      if (result.isDone()) { // before it was begun: the provider was closed, or there is no thread
        done();
        return;
      }
      hasBegun = false;
      if (awaited == null) {
        submit();
        return;
      }
      CompletableFuture<Boolean> its;
      try {
        its = awaited.get();
      } catch (Throwable e) {
        settle(null, unforeseen(e));
        return;
      }
      other = its;
      Thread asking = Thread.currentThread();
      var unused = its.whenComplete((hasIt, thrown) -> go(hasIt, thrown, asking));
    }

    /** The other call has ended, on this thread. One that has the answer takes it here. */
    private void go(@Nullable Boolean hasIt, @Nullable Throwable thrown, Thread asking) {
      SecretException failure = hasIt != null ? null : failure(thrown);
      if (failure != null && failure.kind() == SecretException.Kind.TIMEOUT) {
        isWaiting = false;
        timeOut();
      } else if (Boolean.TRUE.equals(hasIt) && !Thread.currentThread().equals(asking)) {
        run();
      } else {
        submit();
      }
    }

    /** Gives a call that still waits for a thread to those of readers who wait for one name. */
    public void hurry() {
      FutureTask<?> task = running;
      if (isWaiting && workers != threads.workers && task != null) {
        try {
          threads.workers.execute(task); // runs once, however often it is given
        } catch (RejectedExecutionException e) { // then it waits on where it is
          return;
        }
      }
    }

    /** Not as the executor's own kind of task: a fork-join task cannot be interrupted. */
    private void submit() {
      try {
        FutureTask<?> task = new FutureTask<>(this, null);
        running = task; // before a thread has it, so that the deadline finds it
        workers.execute(task);
      } catch (RuntimeException | Error e) { // rejected, or a bug in the given executor
        interruptWorker(); // a sweep may have given it to a thread meanwhile; it is not made after
        // all
        try {
          settle(null, refused(action, name, e));
        } catch (Throwable none) {
          unsettled = e;
        }
      }
    }

    /**
     * Begins a try again that was lost; of a load also one that had begun. A thread of a JDK pool
     * that finds no memory between taking a task and beginning it ends, and the task with it; and a
     * try may find no memory to be begun, or for its result.
     */
    void recover() {
      if (result.isDone()) {
        return;
      }
      FutureTask<?> task = running;
      if (hasBegun || unsettled != null) {
        if (receiver == null) { // it may not be made twice
          return;
        }
        Thread at = worker;
        Future<?> next = retry;
        boolean goesOn = (at != null && at.isAlive()) || (next != null && !next.isDone());
        if (!goesOn) {
          unsettled = null;
          attempt();
        }
      } else if (task != null
          && !task.isDone()
          && workers instanceof ThreadPoolExecutor pool
          && pool.getQueue().isEmpty()) {
        pool.execute(task); // runs once, however often it is given
      }
    }

    /** Makes one try on this thread. */
    @Override
    public void run() {
      hasBegun = true;
      if (result.isDone()) {
        return;
      }
      worker = Thread.currentThread();
      try {
        if (isWaiting) {
          deadlines.begin(this);
        }
        T value;
        try {
          if (awaited == null) {
            metrics.called();
          }
          value = work.get();
        } catch (Throwable e) { // a store is foreign code, and the waiters hear whatever it throws
          if (!result.isDone()) {
            coldStart.over();
          }
          failed(e);
          return;
        }
        answered();
        settle(value, null);
      } catch (Throwable e) {
        unsettled = e;
      } finally {
        if (Thread.currentThread().equals(worker)) { // another thread may have begun the next try
          worker = null;
        }
      }
    }

    /** The store has answered in time, so that the next calls find it warm. */
    private void answered() {
      if (!result.isDone()) {
        coldStart.over();
        deadlines.answered();
      }
    }

    private void failed(Throwable e) {
      if (e instanceof SecretException known) {
        retryOrFail(known);
      } else {
        settle(null, unforeseen(e));
      }
    }

    private void retryOrFail(SecretException e) {
      Duration asked = e.retryAfter().orElse(Duration.ZERO); // of any length, by a foreign store
      if (!e.retryable() || triesLeft == 0 || asked.compareTo(timeout) >= 0) {
        settle(null, e);
        return;
      }
      long jittered = wait + random.nextLong(wait);
      long next = Math.max(asked.toMillis(), jittered);
      if (next >= TimeUnit.NANOSECONDS.toMillis(deadlines.left(this))) {
        settle(null, e);
        return;
      }
      if (!inSteps || e.kind() != SecretException.Kind.THROTTLED) {
        triesLeft--;
      }
      wait *= 2;
      try {
        retry = threads.timer.schedule(this::attempt, next, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException closing) {
        settle(null, e);
      }
    }

    private SecretException unforeseen(Throwable e) {
      SecretException.Builder defect =
          SecretException.of(SecretException.Kind.INTERNAL, action)
              .name(name)
              .scheme(scheme)
              .cause(StoreFailure.withoutText(e));
      Optional<String> linkage = StoreFailure.linkage(e);
      return linkage.isPresent()
          ? defect.reason(linkage.get()).advice(StoreFailure.LINKAGE_ADVICE).build()
          : defect
              .reason("the backend failed in a way that it does not explain")
              .advice("Report it with the stack trace of the cause")
              .build();
    }

    void timeOut() {
      if (!isWaiting) {
        timeOut("no answer within " + timeout.plusNanos(putOff).toMillis() + " ms");
      } else if (deadlines.mayWaitNoLonger(this)) {
        timeOut(
            "no thread was free for it within "
                + timeout.multipliedBy(MOST_STEPS).toMillis()
                + " ms");
      } else {
        timeOut("the calls before it have not left it a thread within the time of a call");
      }
    }

    private void timeOut(String reason) {
      boolean late =
          result.completeExceptionally(
              SecretException.of(SecretException.Kind.TIMEOUT, action)
                  .name(name)
                  .scheme(scheme)
                  .reason(reason)
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

    /** Ends a call that no caller waits for any more; has no effect on one that is done. */
    void abandon() {
      if (result.cancel(false)) {
        interruptWorker();
      }
      done();
    }

    private void interruptWorker() {
      FutureTask<?> task = running;
      if (task != null) {
        task.cancel(true);
      }
    }

    private void done() {
      Future<?> next = retry;
      if (next != null) {
        next.cancel(false);
      }
      BiConsumer<@Nullable T, @Nullable Throwable> load = receiver;
      if (load == null) {
        deadlines.forget(this);
      } else {
        deliver(load);
      }
    }
  }
}
