package de.lifetimecircle.secrets.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.remote.HttpTransport.NoTurnException;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.net.http.HttpClient.Redirect;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** How a request ends, with futures in the place of a client's. */
class HttpTransportTurnsTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(1);

  private final HttpTransport requests = transport(1);
  private final CompletableFuture<String> silent = new CompletableFuture<>();

  private static HttpTransport transport(int connections) {
    StoreConfig config =
        new StoreConfig(
            Map.of("proxy", "direct"), name -> Optional.empty(), LONG, InstantSource.system());
    ProxySettings proxy = ProxySettings.of(config, "example", new ConfigProblems());
    return new HttpTransport(
        new HttpTransport.Settings("secrets-example", connections, LONG, 1, Redirect.NEVER, proxy),
        Optional::empty);
  }

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
                            left -> {
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
      String answer = requests.await(LONG, left -> CompletableFuture.completedFuture(text));
      assertThat(answer).isEqualTo(text);
    }
  }

  @Test
  void aFailureIsHandedOnWithItsCause() {
    IOException cause = new IOException();
    assertThatThrownBy(() -> requests.await(LONG, left -> CompletableFuture.failedFuture(cause)))
        .isInstanceOf(ExecutionException.class)
        .hasCause(cause);
  }

  @Test
  void aRequestThatIsLateIsCancelledAndGivesItsTurnBack() throws Exception {
    assertThatThrownBy(() -> requests.await(SHORT, left -> silent))
        .isInstanceOf(TimeoutException.class)
        .isNotInstanceOf(NoTurnException.class);
    assertThat(silent).isCancelled();
    String next = requests.await(LONG, left -> CompletableFuture.completedFuture("next"));
    assertThat(next).isEqualTo("next");
  }

  @Test
  void aRequestWithoutATurnIsNotSent() throws Exception {
    CompletableFuture<Throwable> first = waiting();
    assertThatThrownBy(
            () ->
                requests.await(
                    SHORT,
                    left -> {
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
                    left -> {
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
        catchThrowableOfType(StoreFailure.class, () -> requests.await(LONG, left -> later));
    assertThat(failure.kind()).isEqualTo(Kind.CLOSED);
    assertThat(later).isCancelled();
  }

  @Test
  void aLimitBelowOneIsRejected() {
    assertThatThrownBy(() -> transport(0)).hasMessage("maxConnections: 0 (expected: at least 1)");
  }
}
