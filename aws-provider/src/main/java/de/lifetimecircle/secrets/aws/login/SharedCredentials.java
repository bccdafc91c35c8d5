package de.lifetimecircle.secrets.aws.login;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.remote.SharedLogin;
import de.lifetimecircle.secrets.remote.SharedLogin.Result;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Temporary keys that all threads of a store share: those of an assumed role, which STS hands out
 * for about an hour, and those that the machine or a program hands out. The SDK's own holders of
 * keys ask their source once for each waiting thread while it fails, and again at each call in the
 * last minutes of the old keys. The SDK also asks the machine, or a program that may hang, in a way
 * that no interrupt ends, so each question has a thread of its own.
 *
 * <p>Safe for use by several threads; blocks as {@link SharedLogin}.
 */
public final class SharedCredentials implements AwsCredentialsProvider, SdkAutoCloseable {
  private static final Duration EARLY = Duration.ofMinutes(10);
  private static final Duration LATE = Duration.ofMinutes(1);
  private static final Duration PAUSE = Duration.ofSeconds(20);

  private final AwsCredentialsProvider source;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final SharedLogin<AwsCredentials> shared;

  public SharedCredentials(
      AwsCredentialsProvider source, InstantSource clock, RandomGenerator random) {
    this(source, clock, random, SharedCredentials::daemon);
  }

  public SharedCredentials(
      AwsCredentialsProvider source,
      InstantSource clock,
      RandomGenerator random,
      ThreadFactory threads) {
    this.source = source;
    this.clock = clock;
    this.random = random;
    this.shared = new SharedLogin<>(this::ask, clock, () -> jittered(PAUSE), threads);
  }

  private static Thread daemon(Runnable question) {
    Thread thread = new Thread(question, "secrets-aws-login");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public AwsCredentials resolveCredentials() {
    try {
      return shared.get();
    } catch (StoreFailure e) {
      throw e.kind() == Kind.INTERRUPTED
          ? AbortedException.create("interrupted while waiting for credentials", e)
          : SdkClientException.create(e.reason(), e);
    }
  }

  /**
   * The SDK's caches return the old keys, without a failure, while their source fails and until
   * they think it is time: that is no renewal.
   */
  private Result<AwsCredentials> ask(Optional<Result<AwsCredentials>> old) {
    AwsCredentials keys = source.resolveCredentials();
    Instant now = clock.instant(); // after the question, which may have corrected the clock
    return old.filter(known -> endTogether(known.value(), keys))
        .map(known -> new Result<>(keys, now.plus(jittered(PAUSE)), known.end()))
        .orElseGet(() -> renewed(keys, now));
  }

  private static boolean endTogether(AwsCredentials some, AwsCredentials others) {
    return some.expirationTime().isPresent()
        && some.expirationTime().equals(others.expirationTime());
  }

  /**
   * Services that started together look for new keys at different times. Short-lived keys keep at
   * least two thirds of their time.
   */
  private Result<AwsCredentials> renewed(AwsCredentials keys, Instant now) {
    Instant end = keys.expirationTime().orElse(now.plus(EARLY));
    Duration third = Duration.between(now, end).dividedBy(3);
    Duration early = third.compareTo(EARLY) < 0 ? third : EARLY;
    Duration late = third.dividedBy(3).compareTo(LATE) < 0 ? third.dividedBy(3) : LATE;
    return new Result<>(keys, end.minus(jittered(early)), end.minus(late));
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
