package de.lifetimecircle.secrets.aws;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Credentials that the host hands out: by a service of its own, or by a program. The SDK waits for
 * these in a way that no interrupt ends, so they are asked for apart, and not again until shortly
 * before their end.
 *
 * <p>Safe for use by several threads. Blocks until there is an answer or the thread is interrupted.
 */
final class AwsHostCredentials implements AwsCredentialsProvider, SdkAutoCloseable {
  /** Well before the SDK itself begins to look for new ones. */
  private static final Duration MARGIN = Duration.ofMinutes(70);

  private final AwsUninterruptibleCalls<AwsCredentials> apart =
      new AwsUninterruptibleCalls<>("login");
  private final AwsCredentialsProvider source;
  private final InstantSource clock;
  private volatile @Nullable AwsCredentials last;

  AwsHostCredentials(AwsCredentialsProvider source, InstantSource clock) {
    this.source = source;
    this.clock = clock;
  }

  @Override
  public AwsCredentials resolveCredentials() {
    AwsCredentials known = last;
    if (known != null && lasts(known)) {
      return known;
    }
    try {
      AwsCredentials answer = apart.ask("credentials", source::resolveCredentials);
      last = answer;
      return answer;
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

  private boolean lasts(AwsCredentials credentials) {
    return credentials
        .expirationTime()
        .filter(end -> end.isAfter(clock.instant().plus(MARGIN)))
        .isPresent();
  }

  @Override
  public void close() {
    if (source instanceof SdkAutoCloseable closeable) {
      closeable.close();
    }
  }
}
