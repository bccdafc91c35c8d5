package de.lifetimecircle.secrets.aws.login;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Temporary keys that all threads of a store share: those of an assumed role, which STS hands out
 * for about an hour, and those that the machine or a program hands out. The SDK's own holders of
 * keys ask their source once for each waiting thread while it fails, and again at each call in the
 * last minutes of the old keys; a mass restart would keep a throttled STS throttled. Here all who
 * wait share one question and its answer. While the old keys are good no caller waits: one question
 * is under way in the background, and a pause follows it if it brought no new keys.
 *
 * <p>A question has a thread of its own, so a caller that is interrupted leaves, and does not take
 * the answer from the others. The SDK asks the machine, or a program that may hang, in a way that
 * no interrupt ends.
 *
 * <p>Safe for use by several threads. Blocks only where there are no good keys, until there is an
 * answer or the thread is interrupted. State: the keys in use, replaced as one, and the question
 * that is under way. No lock is held over a question.
 */
public final class SharedCredentials implements AwsCredentialsProvider, SdkAutoCloseable {
  private static final System.Logger LOG = System.getLogger(SharedCredentials.class.getName());
  private static final Duration EARLY = Duration.ofMinutes(10);
  private static final Duration LATE = Duration.ofMinutes(1);
  private static final Duration PAUSE = Duration.ofSeconds(20);

  private final AwsCredentialsProvider source;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final ThreadFactory threads;
  private final AtomicReference<@Nullable Held> held = new AtomicReference<>();
  private final AtomicReference<@Nullable FutureTask<Held>> underWay = new AtomicReference<>();

  /** Keys, the time to ask for new ones, and the time to stop using them. */
  private record Held(AwsCredentials keys, Instant renewal, Instant end) {
    Held triedAgainAt(Instant time) {
      return new Held(keys, time, end);
    }
  }

  public SharedCredentials(AwsCredentialsProvider source, InstantSource clock) {
    this(source, clock, () -> ThreadLocalRandom.current().nextLong(), SharedCredentials::daemon);
  }

  public SharedCredentials(
      AwsCredentialsProvider source,
      InstantSource clock,
      RandomGenerator random,
      ThreadFactory threads) {
    this.source = source;
    this.clock = clock;
    this.random = random;
    this.threads = threads;
  }

  private static Thread daemon(Runnable question) {
    Thread thread = new Thread(question, "secrets-aws-login");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public AwsCredentials resolveCredentials() {
    Held known = held.get();
    Instant now = clock.instant();
    if (known == null || !now.isBefore(known.end())) {
      return ask(known);
    }
    if (!now.isBefore(known.renewal())) {
      Held tried = known.triedAgainAt(now.plus(jittered(PAUSE)));
      if (held.compareAndSet(known, tried)) {
        renewInTheBackground(tried);
      }
    }
    return known.keys();
  }

  /** A failure reaches no caller: the old keys are still good, and the next try is set already. */
  private void renewInTheBackground(Held known) {
    try {
      Future<?> unused = question(known);
    } catch (OutOfMemoryError e) {
      LOG.log(System.Logger.Level.DEBUG, "No thread could be started to renew temporary keys.");
    }
  }

  /** Asks once for all who wait; the answer, good or bad, is theirs together. */
  private AwsCredentials ask(@Nullable Held known) {
    try {
      return question(known).get().keys();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw AbortedException.create("interrupted while waiting for credentials", e);
    } catch (CancellationException e) {
      throw SdkClientException.create("no thread could be started to ask for credentials", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw SdkClientException.create("the source of the credentials failed", e);
    }
  }

  /**
   * Returns the question that is under way, or else begins one. Does not wait for its answer.
   *
   * @param known the keys that the caller has seen
   */
  private Future<Held> question(@Nullable Held known) {
    FutureTask<Held> mine =
        new FutureTask<>(
            () -> {
              try {
                return newerThan(known).orElseGet(this::renew);
              } finally {
                // Before anybody has the answer: a caller that asks after it gets a new one.
                underWay.set(null);
              }
            });
    FutureTask<Held> first = underWay.compareAndExchange(null, mine);
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

  /** The good keys of a question that ended after a caller had seen others, or none. */
  private Optional<Held> newerThan(@Nullable Held known) {
    return Optional.ofNullable(held.get())
        .filter(now -> !now.equals(known) && clock.instant().isBefore(now.end()));
  }

  /**
   * The SDK's caches return the old keys, without a failure, while their source fails and until
   * they think it is time: that is no renewal.
   */
  private Held renew() {
    Held old = held.get();
    AwsCredentials keys = source.resolveCredentials();
    Instant now = clock.instant(); // after the question, which may have corrected the clock
    Held answer =
        old != null && endTogether(old.keys(), keys)
            ? new Held(keys, now.plus(jittered(PAUSE)), old.end())
            : renewed(keys, now);
    held.set(answer);
    return answer;
  }

  private static boolean endTogether(AwsCredentials some, AwsCredentials others) {
    return some.expirationTime().isPresent()
        && some.expirationTime().equals(others.expirationTime());
  }

  /**
   * Services that started together look for new keys at different times. Short-lived keys keep at
   * least two thirds of their time.
   */
  private Held renewed(AwsCredentials keys, Instant now) {
    Instant end = keys.expirationTime().orElse(now.plus(EARLY));
    Duration third = Duration.between(now, end).dividedBy(3);
    Duration early = third.compareTo(EARLY) < 0 ? third : EARLY;
    Duration late = third.dividedBy(3).compareTo(LATE) < 0 ? third.dividedBy(3) : LATE;
    return new Held(keys, end.minus(jittered(early)), end.minus(late));
  }

  /** From half of the time to the whole of it. */
  private Duration jittered(Duration time) {
    long half = Math.max(1, time.toMillis() / 2);
    return Duration.ofMillis(half + random.nextLong(half));
  }

  @Override
  public void close() {
    CredentialSource.free(source);
  }
}
