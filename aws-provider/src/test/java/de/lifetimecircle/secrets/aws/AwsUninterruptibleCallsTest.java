package de.lifetimecircle.secrets.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** What no interrupt ends is waited for in a way that one does. */
@Timeout(60)
class AwsUninterruptibleCallsTest {
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch answer = new CountDownLatch(1);
  private final AtomicInteger questions = new AtomicInteger();

  @AfterEach
  void letGo() {
    answer.countDown();
  }

  /** As the host's service: silent, and deaf to every interrupt. */
  private <T> T silently(T value) {
    questions.incrementAndGet();
    asked.countDown();
    boolean interrupted = false;
    while (answer.getCount() > 0) {
      try {
        answer.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    assertThat(interrupted).as("an interrupt came through").isFalse();
    return value;
  }

  /** How a wait ends whose thread is interrupted: what it threw, and whether the flag is set. */
  private String interrupted(Runnable wait) throws Exception {
    CompletableFuture<String> end = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                wait.run();
                end.complete("an answer");
              } catch (RuntimeException e) {
                boolean flag = Thread.currentThread().isInterrupted();
                end.complete(e.getClass().getSimpleName() + ", flag " + flag);
              }
            });
    thread.start();
    asked.await();
    thread.interrupt();
    return end.get();
  }

  @Test
  void whoAsksAfterAnAnswerGetsANewOne() throws Exception {
    AwsUninterruptibleCalls<Integer> apart = new AwsUninterruptibleCalls<>("login");
    for (int asked = 1; asked <= 2000; asked++) {
      assertThat(apart.ask("credentials", questions::incrementAndGet)).isEqualTo(asked);
    }
  }

  private static AwsCredentials until(Instant end) {
    return AwsSessionCredentials.builder()
        .accessKeyId("made-up")
        .secretAccessKey("made-up")
        .sessionToken("made-up")
        .expirationTime(end)
        .build();
  }

  @Test
  void whoWaitsForCredentialsCanLeave() throws Exception {
    AwsHostCredentials handedOut =
        new AwsHostCredentials(() -> silently(until(Instant.MAX)), () -> Instant.EPOCH);
    assertThat(interrupted(handedOut::resolveCredentials))
        .isEqualTo(AbortedException.class.getSimpleName() + ", flag true");
  }

  @Test
  void credentialsAreAskedForAgainShortlyBeforeTheirEnd() {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    AwsHostCredentials handedOut =
        new AwsHostCredentials(
            () -> {
              questions.incrementAndGet();
              return until(now.get().plus(Duration.ofHours(6)));
            },
            now::get);
    AwsCredentials first = handedOut.resolveCredentials();
    now.set(Instant.EPOCH.plus(Duration.ofHours(4)));
    assertThat(handedOut.resolveCredentials()).isSameAs(first);
    now.set(Instant.EPOCH.plus(Duration.ofHours(5)));
    assertThat(handedOut.resolveCredentials()).isNotSameAs(first);
    assertThat(questions.get()).isEqualTo(2);
  }

  @Test
  void failureOfTheSourceIsItsOwn() {
    SdkClientException failure = SdkClientException.create("no service there");
    AwsHostCredentials handedOut =
        new AwsHostCredentials(
            () -> {
              throw failure;
            },
            () -> Instant.EPOCH);
    assertThatThrownBy(handedOut::resolveCredentials).isSameAs(failure);
  }
}
