package de.lifetimecircle.secrets.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import de.lifetimecircle.secrets.aws.login.SharedCredentials;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Threads that need temporary keys share one question, and each can leave it. */
class AwsSharedCredentialsTest {
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

  private static SharedCredentials shared(AwsCredentialsProvider source, InstantSource clock) {
    return new SharedCredentials(source, clock);
  }

  @Test
  void callerAfterAnAnswerGetsANewOne() {
    SharedCredentials shared =
        shared(
            () -> {
              questions.incrementAndGet();
              return until(Instant.EPOCH);
            },
            () -> Instant.EPOCH);
    for (int asked = 1; asked <= 2000; asked++) {
      var unused = shared.resolveCredentials();
      assertThat(questions.get()).isEqualTo(asked);
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
  void callerThatWaitsForCredentialsCanLeave() throws Exception {
    SharedCredentials shared = shared(() -> silently(until(Instant.MAX)), () -> Instant.EPOCH);
    assertThat(interrupted(shared::resolveCredentials))
        .isEqualTo(AbortedException.class.getSimpleName() + ", flag true");
  }

  @Test
  void credentialsAreAskedForAgainInTheBackgroundShortlyBeforeTheirEnd() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    CountDownLatch renewed = new CountDownLatch(2);
    SharedCredentials shared =
        shared(
            () -> {
              renewed.countDown();
              return until(now.get().plus(Duration.ofHours(6)));
            },
            now::get);
    AwsCredentials first = shared.resolveCredentials();
    now.set(Instant.EPOCH.plus(Duration.ofMinutes(349)));
    assertThat(shared.resolveCredentials()).isSameAs(first);
    assertThat(renewed.getCount()).isEqualTo(1);
    now.set(Instant.EPOCH.plus(Duration.ofMinutes(356)));
    assertThat(shared.resolveCredentials()).as("nobody waits").isSameAs(first);
    assertThat(renewed.await(20, TimeUnit.SECONDS)).isTrue();
    now.set(Instant.EPOCH.plus(Duration.ofHours(6)));
    assertThat(shared.resolveCredentials()).isNotSameAs(first);
  }

  /** The SDK's caches hand back the old keys while the machine does not answer them. */
  @Test
  void keysThatDidNotChangeAreAskedForAgainAfterAPause() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    AtomicReference<Thread> asker = new AtomicReference<>();
    Semaphore questionsLeft = new Semaphore(0);
    SharedCredentials shared =
        shared(
            () -> {
              asker.set(Thread.currentThread());
              questionsLeft.release();
              return until(Instant.EPOCH.plus(Duration.ofHours(6)));
            },
            now::get);
    AwsCredentials unused = shared.resolveCredentials();
    assertThat(questionsLeft.tryAcquire()).isTrue();
    for (Duration time = Duration.ofMinutes(356);
        time.compareTo(Duration.ofMinutes(358)) < 0;
        time = time.plusSeconds(20)) {
      now.set(Instant.EPOCH.plus(time));
      unused = shared.resolveCredentials();
      assertThat(questionsLeft.tryAcquire(20, TimeUnit.SECONDS)).as("asked at %s", time).isTrue();
      asker.get().join();
    }
  }

  /** The other's question ends between a caller's look at the keys and its own question. */
  @Test
  void callerUsesTheKeysThatAnotherHasJustGot() {
    AtomicReference<SharedCredentials> shared = new AtomicReference<>();
    AtomicBoolean first = new AtomicBoolean(true);
    shared.set(
        shared(
            () -> {
              questions.incrementAndGet();
              return until(Instant.MAX);
            },
            () -> {
              if (first.getAndSet(false)) {
                AwsCredentials unused = shared.get().resolveCredentials();
              }
              return Instant.EPOCH;
            }));
    assertThat(shared.get().resolveCredentials().accessKeyId()).isEqualTo("made-up");
    assertThat(questions).hasValue(1);
  }

  /** A process with too many threads: the one that waits for another's question must not hang. */
  @Test
  void nobodyWaitsForAQuestionThatCouldNotBegin() throws Exception {
    AtomicReference<SharedCredentials> shared = new AtomicReference<>();
    CompletableFuture<Throwable> second = new CompletableFuture<>();
    Runnable ask = () -> second.complete(catchThrowable(() -> shared.get().resolveCredentials()));
    shared.set(
        new SharedCredentials(
            () -> until(Instant.MAX),
            () -> Instant.EPOCH,
            new SplittableRandom(1),
            question -> {
              Thread waiting = new Thread(ask);
              waiting.start();
              while (waiting.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
              }
              throw new OutOfMemoryError("made up: unable to create native thread");
            }));
    assertThat(catchThrowable(() -> shared.get().resolveCredentials()))
        .isInstanceOf(OutOfMemoryError.class);
    assertThat(second.get(20, TimeUnit.SECONDS))
        .isInstanceOf(SdkClientException.class)
        .hasMessageContaining("no thread could be started");
  }

  @Test
  void failureOfTheSourceIsItsOwn() {
    SdkClientException failure = SdkClientException.create("no service there");
    SharedCredentials shared =
        shared(
            () -> {
              throw failure;
            },
            () -> Instant.EPOCH);
    assertThatThrownBy(shared::resolveCredentials).isSameAs(failure);
  }
}
