package de.lifetimecircle.secrets.aws;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * The keys of an assumed role, which STS hands out for about an hour. The SDK's own holder of them
 * asks STS once for each waiting thread while STS fails, and again at each call in the last minutes
 * of the old keys; a mass restart would keep a throttled STS throttled. Here all who wait share one
 * question and its answer. While the old keys are good nobody waits: one question is under way in
 * the background, and a pause follows it.
 *
 * <p>Safe for use by several threads. Blocks only where there are no good keys, until there is an
 * answer or the thread is interrupted. State: the keys in use, replaced as one. No lock is held
 * over a question.
 */
final class AwsRoleSession implements AwsCredentialsProvider {
  private static final System.Logger LOG = System.getLogger(AwsRoleSession.class.getName());
  private static final Duration EARLY = Duration.ofMinutes(10);
  private static final Duration LATE = Duration.ofMinutes(1);
  private static final Duration PAUSE = Duration.ofSeconds(20);

  private final AwsUninterruptibleCalls<Held> apart = new AwsUninterruptibleCalls<>("login");
  private final Supplier<AwsSessionCredentials> question;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final AtomicReference<@Nullable Held> held = new AtomicReference<>();

  /** Keys, the time to ask for new ones, and the time to stop using them. */
  private record Held(AwsSessionCredentials keys, Instant renewal, Instant end) {
    Held triedAgainAt(Instant time) {
      return new Held(keys, time, end);
    }
  }

  AwsRoleSession(
      Supplier<AwsSessionCredentials> question, InstantSource clock, RandomGenerator random) {
    this.question = question;
    this.clock = clock;
    this.random = random;
  }

  @Override
  public AwsCredentials resolveCredentials() {
    Held known = held.get();
    Instant now = clock.instant();
    if (known == null || !now.isBefore(known.end())) {
      return ask();
    }
    if (!now.isBefore(known.renewal())
        && held.compareAndSet(known, known.triedAgainAt(now.plus(jittered(PAUSE))))) {
      renewInTheBackground();
    }
    return known.keys();
  }

  /** A failure is nobody's: the old keys are still good, and the next try is set already. */
  private void renewInTheBackground() {
    try {
      Future<?> unused = apart.begin("role", this::renew);
    } catch (OutOfMemoryError e) {
      LOG.log(System.Logger.Level.DEBUG, "No thread could be started to renew the keys of a role.");
    }
  }

  /** Asks once for all who wait; the answer, good or bad, is theirs together. */
  private AwsSessionCredentials ask() {
    try {
      return apart.ask("role", this::renew).keys();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw AbortedException.create("interrupted while waiting for credentials", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw SdkClientException.create("the source of the credentials failed", e);
    }
  }

  /**
   * Services that started together look for new keys at different times. Short-lived keys keep at
   * least two thirds of their time.
   */
  private Held renew() {
    AwsSessionCredentials keys = question.get();
    Instant now = clock.instant(); // after the question, which may have corrected the clock
    Instant end = keys.expirationTime().orElse(now.plus(EARLY));
    Duration third = Duration.between(now, end).dividedBy(3);
    Duration early = third.compareTo(EARLY) < 0 ? third : EARLY;
    Duration late = third.dividedBy(3).compareTo(LATE) < 0 ? third.dividedBy(3) : LATE;
    Held renewed = new Held(keys, end.minus(jittered(early)), end.minus(late));
    held.set(renewed);
    return renewed;
  }

  /** From half of the time to the whole of it. */
  private Duration jittered(Duration time) {
    long half = Math.max(1, time.toMillis() / 2);
    return Duration.ofMillis(half + random.nextLong(half));
  }
}
