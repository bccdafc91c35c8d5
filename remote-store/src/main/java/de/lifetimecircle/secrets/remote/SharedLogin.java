package de.lifetimecircle.secrets.remote;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keys or a token that all threads of a store share. A store starts with many threads at once, and
 * a fleet starts with many stores: if each thread asked, and again at each call while the answer is
 * a failure, a throttled service would stay throttled. Here all threads that wait share one
 * question and its answer. While the old result is good no thread waits: one question is under way
 * in the background, and a pause follows it if it brought nothing new.
 *
 * <pre>{@code
 * InstantSource clock = InstantSource.system();
 * SharedLogin<String> login =
 *     new SharedLogin<>(
 *         old -> {
 *           Instant now = clock.instant();
 *           return new SharedLogin.Result<>("t", now.plusSeconds(3000), now.plusSeconds(3600));
 *         },
 *         clock,
 *         () -> Duration.ofSeconds(20),
 *         question -> new Thread(question, "secrets-example-login"));
 * String token = login.get();
 * String another = login.insteadOf(token); // the server has refused it
 * }</pre>
 *
 * <p>A question has a thread of its own, so a caller that is interrupted leaves, and does not take
 * the answer from the others.
 *
 * <p>Safe for use by several threads. Blocks only if there is no good result, until there is an
 * answer or the thread is interrupted. State: the result in use, replaced as one, and the question
 * that is under way. No lock is held over a question.
 *
 * @param <T> what a login brings
 */
public final class SharedLogin<T> {
  private static final System.Logger LOG = System.getLogger(SharedLogin.class.getName());

  private final Function<Optional<Result<T>>, Result<T>> source;
  private final InstantSource clock;
  private final Supplier<Duration> pause;
  private final ThreadFactory threads;
  private final AtomicReference<@Nullable Result<T>> held = new AtomicReference<>();
  private final AtomicReference<@Nullable FutureTask<Result<T>>> underWay = new AtomicReference<>();

  /**
   * The result of a login. Immutable; {@code toString} does not show it.
   *
   * @param <T> what a login brings
   * @param value the keys or the token
   * @param renewal when to ask for the next one, in the background
   * @param end when to stop using this one
   */
  public record Result<T>(T value, Instant renewal, Instant end) {
    @Override
    public String toString() {
      return "Result[redacted]";
    }
  }

  /**
   * Makes it; asks nothing.
   *
   * @param source asks for a result, given the one in use, which may have ended; empty if there is
   *     none, or if it was refused. Called by one thread at a time
   * @param clock the time of day
   * @param pause the time from the beginning of a question in the background to the next one
   * @param threads makes the thread of a question
   */
  public SharedLogin(
      Function<Optional<Result<T>>, Result<T>> source,
      InstantSource clock,
      Supplier<Duration> pause,
      ThreadFactory threads) {
    this.source = source;
    this.clock = clock;
    this.pause = pause;
    this.threads = threads;
  }

  /**
   * Returns a good result, as far as is known. Blocks while there is none.
   *
   * @return the value of the result
   * @throws StoreFailure {@code INTERRUPTED} with the flag set again, or that the question could
   *     not begin; else the exception of the source itself
   */
  public T get() {
    Result<T> known = held.get();
    Instant now = clock.instant();
    if (known == null || !now.isBefore(known.end())) {
      return ask(known);
    }
    if (!now.isBefore(known.renewal())) {
      Result<T> tried = new Result<>(known.value(), now.plus(pause.get()), known.end());
      if (held.compareAndSet(known, tried)) {
        renewInTheBackground(tried);
      }
    }
    return known.value();
  }

  /**
   * Returns another result than one that was refused, once for all who were refused with it.
   *
   * @param refused the value that was refused
   * @return the value of a result that was good after that
   * @throws StoreFailure as {@link #get}
   */
  public T insteadOf(T refused) {
    Result<T> known = held.get();
    if (known != null && known.value().equals(refused)) {
      held.compareAndSet(known, null);
    }
    return get();
  }

  /** Swallows a failure: the old result is still good, and the next try is set already. */
  private void renewInTheBackground(Result<T> known) {
    try {
      Future<?> unused = question(known);
    } catch (OutOfMemoryError e) {
      LOG.log(System.Logger.Level.DEBUG, "No thread could be started to renew a login.");
    }
  }

  /** Asks once for all who wait; the answer, good or bad, is theirs together. */
  private T ask(@Nullable Result<T> known) {
    try {
      return question(known).get().value();
    } catch (InterruptedException e) {
      throw StoreFailure.interrupted();
    } catch (CancellationException e) {
      throw StoreFailure.of(Kind.UNAVAILABLE, "no thread could be started to log in", null);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw StoreFailure.unexpected(e.getCause() == null ? e : e.getCause());
    }
  }

  /**
   * Returns the question that is under way, or else begins one. Does not wait for its answer.
   *
   * @param known the result that the caller has seen
   */
  private Future<Result<T>> question(@Nullable Result<T> known) {
    FutureTask<Result<T>> mine =
        new FutureTask<>(
            () -> {
              try {
                return newerThan(known).orElseGet(this::renew);
              } finally {
                // Before anybody has the answer: a caller that asks after it gets a new one.
                underWay.set(null);
              }
            });
    FutureTask<Result<T>> first = underWay.compareAndExchange(null, mine);
    if (first != null) {
      return first;
    }
    boolean begun = false;
    try {
      threads.newThread(mine).start();
      begun = true;
    } finally {
      if (!begun) {
        // A process that may have no more threads: no caller is to wait for this one.
        underWay.set(null);
        mine.cancel(false);
      }
    }
    return mine;
  }

  /** The good result of a question that ended after a caller had seen another, or none. */
  private Optional<Result<T>> newerThan(@Nullable Result<T> known) {
    return Optional.ofNullable(held.get())
        .filter(now -> !now.equals(known) && clock.instant().isBefore(now.end()));
  }

  private Result<T> renew() {
    Result<T> answer = source.apply(Optional.ofNullable(held.get()));
    held.set(answer);
    return answer;
  }
}
