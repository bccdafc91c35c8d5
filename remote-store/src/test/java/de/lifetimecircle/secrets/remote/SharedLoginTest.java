package de.lifetimecircle.secrets.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SharedLoginTest {
  private final AtomicInteger questions = new AtomicInteger();
  private final CountDownLatch release = new CountDownLatch(1);
  private volatile boolean failing;
  private final SharedLogin<String> login =
      new SharedLogin<>(this::ask, () -> Instant.EPOCH, () -> Duration.ofSeconds(20), Thread::new);

  private SharedLogin.Result<String> ask(Optional<SharedLogin.Result<String>> old) {
    int number = questions.incrementAndGet();
    try {
      assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (failing) {
      throw StoreFailure.of(Kind.UNAUTHENTICATED, "number " + number, null);
    }
    String value = number + (old.isPresent() ? " after another" : "");
    return new SharedLogin.Result<>(value, Instant.MAX, Instant.MAX);
  }

  private static Thread waiting(FutureTask<?> task) {
    Thread thread = new Thread(task);
    thread.start();
    while (thread.getState() != Thread.State.WAITING && thread.isAlive()) {
      Thread.onSpinWait();
    }
    return thread;
  }

  private StoreFailure failure() {
    return catchThrowableOfType(StoreFailure.class, login::get);
  }

  @Test
  void aFailureIsThatOfAllThatWaitedForIt() throws Exception {
    failing = true;
    FutureTask<StoreFailure> one = new FutureTask<>(this::failure);
    FutureTask<StoreFailure> other = new FutureTask<>(this::failure);
    Thread first = waiting(one);
    Thread second = waiting(other);
    release.countDown();
    first.join();
    second.join();
    assertThat(one.get()).isSameAs(other.get()).hasMessage("number 1");
    failing = false;
    assertThat(login.get()).isEqualTo("2");
  }

  @Test
  void anInterruptedCallerLeavesTheQuestionToTheOthers() throws Exception {
    FutureTask<String> one = new FutureTask<>(login::get);
    FutureTask<StoreFailure> other = new FutureTask<>(this::failure);
    waiting(one);
    Thread leaving = waiting(other);
    leaving.interrupt();
    assertThat(other.get().kind()).isEqualTo(Kind.INTERRUPTED);
    release.countDown();
    assertThat(one.get()).isEqualTo("1");
    assertThat(questions).hasValue(1);
  }

  @Test
  void aRefusedResultIsReplacedOnce() {
    release.countDown();
    assertThat(login.get()).isEqualTo("1");
    assertThat(login.insteadOf("1")).isEqualTo("2");
    assertThat(login.insteadOf("1")).isEqualTo("2");
  }
}
