package de.lifetimecircle.secrets.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.remote.HttpTransport.NoTurnException;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** How a request ends, with futures in the place of a client's. */
class RequestsUnderWayTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(1);

  private final RequestsUnderWay requests = new RequestsUnderWay(1);
  private final CompletableFuture<String> silent = new CompletableFuture<>();

  /** Waits in another thread, until the request has been sent. */
  private CompletableFuture<Throwable> waiting() throws InterruptedException {
    CountDownLatch sent = new CountDownLatch(1);
    CompletableFuture<Throwable> failure =
        CompletableFuture.supplyAsync(
            () ->
                catchThrowable(
                    () ->
                        requests.await(
                            LONG,
                            () -> {
                              sent.countDown();
                              return silent;
                            })),
            task -> new Thread(task, "waiting").start());
    sent.await();
    return failure;
  }

  @Test
  void anAnswerIsHandedOnAndTheNextRequestHasItsTurn() throws Exception {
    for (String text : new String[] {"one", "two"}) {
      assertThat(requests.await(LONG, () -> CompletableFuture.completedFuture(text)))
          .isEqualTo(text);
    }
  }

  @Test
  void aFailureIsHandedOnWithItsCause() {
    IOException cause = new IOException();
    assertThatThrownBy(() -> requests.await(LONG, () -> CompletableFuture.failedFuture(cause)))
        .isInstanceOf(ExecutionException.class)
        .hasCause(cause);
  }

  @Test
  void aRequestThatIsLateIsCancelledAndGivesItsTurnBack() throws Exception {
    assertThatThrownBy(() -> requests.await(SHORT, () -> silent))
        .isInstanceOf(TimeoutException.class)
        .isNotInstanceOf(NoTurnException.class);
    assertThat(silent).isCancelled();
    assertThat(requests.await(LONG, () -> CompletableFuture.completedFuture("next")))
        .isEqualTo("next");
  }

  @Test
  void aRequestWithoutATurnIsNotSent() throws Exception {
    CompletableFuture<Throwable> first = waiting();
    assertThatThrownBy(
            () ->
                requests.await(
                    SHORT,
                    () -> {
                      throw new AssertionError("was sent");
                    }))
        .isInstanceOf(NoTurnException.class);
    silent.complete("late");
    assertThat(first.get()).isNull();
  }

  @Test
  void anInterruptEndsARequestUnderWayAndStaysSet() {
    StoreFailure failure =
        catchThrowableOfType(
            StoreFailure.class,
            () ->
                requests.await(
                    LONG,
                    () -> {
                      Thread.currentThread().interrupt();
                      return silent;
                    }));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure.kind()).isEqualTo(Kind.INTERRUPTED);
    assertThat(silent).isCancelled();
  }

  @Test
  void closingEndsARequestUnderWayAndEachLaterOne() throws Exception {
    CompletableFuture<Throwable> first = waiting();
    requests.close();
    assertThat(((StoreFailure) first.get()).kind()).isEqualTo(Kind.CLOSED);
    CompletableFuture<String> later = new CompletableFuture<>();
    StoreFailure failure =
        catchThrowableOfType(StoreFailure.class, () -> requests.await(LONG, () -> later));
    assertThat(failure.kind()).isEqualTo(Kind.CLOSED);
    assertThat(later).isCancelled();
  }

  @Test
  void aLimitBelowOneIsRejected() {
    assertThatThrownBy(() -> new RequestsUnderWay(0))
        .hasMessage("atOnce: 0 (expected: at least 1)");
  }
}
