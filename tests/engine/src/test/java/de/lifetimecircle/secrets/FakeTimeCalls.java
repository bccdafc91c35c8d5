package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Makes calls that may meet a planted error on the caller's own thread, and that may have to wait
 * until time passes: this lets it pass.
 */
final class FakeTimeCalls {
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final int LONGEST_SECONDS = 600;
  private static final int TRIES = 20;

  private final FakeTicker ticker;

  FakeTimeCalls(FakeTicker ticker) {
    this.ticker = ticker;
  }

  /** Makes a call; returns nothing if it fails. Fails the test if the call never ends. */
  <T> Optional<T> attempt(Supplier<T> call) {
    FutureTask<T> answer = new FutureTask<>(call::get);
    Thread caller = new Thread(answer, "caller");
    caller.setDaemon(true);
    caller.start();
    for (int waited = 0; !isDone(answer); waited++) {
      assertThat(waited).as("seconds that a caller waits").isLessThan(LONGEST_SECONDS);
      ticker.advance(TICK);
    }
    return result(answer);
  }

  /** The same, with so many tries that an error meets only the first of them. */
  <T> T needed(Supplier<T> call) {
    for (int i = 0; i < TRIES; i++) {
      Optional<T> answer = attempt(call);
      if (answer.isPresent()) {
        return answer.get();
      }
      ticker.advance(Duration.ofSeconds(5));
    }
    return call.get();
  }

  /** Whether it is done without more time; a caller that has its answer needs a moment to wake. */
  private static boolean isDone(FutureTask<?> answer) {
    try {
      answer.get(50, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return answer.isDone();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      return true;
    }
    return true;
  }

  private static <T> Optional<T> result(FutureTask<T> answer) {
    try {
      return Optional.of(answer.get());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      Throwable thrown = e.getCause();
      if (!(thrown instanceof SecretException) && !Injector.isPlanted(thrown)) {
        throw new IllegalStateException(thrown);
      }
      return Optional.empty();
    }
  }
}
