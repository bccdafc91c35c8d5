package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.spi.RotationChannel;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A channel that fails: whatever it throws, somebody reads of it and it listens again. */
class PushLoopTest {
  private final BlockingQueue<String> log = new LinkedBlockingQueue<>();
  private final Handler handler =
      new StreamHandler() {
        @Override
        public synchronized void publish(LogRecord each) {
          log.add(each.getLevel() + " " + new SimpleFormatter().formatMessage(each));
        }
      };

  /** Fails at its first connection, and listens at the second. */
  private static final class FailsOnce implements RotationChannel {
    private final Throwable failure;
    private final AtomicInteger attempts = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);

    FailsOnce(Throwable failure) {
      this.failure = failure;
    }

    @Override
    public void send(String message) {
      throw new IllegalStateException("nobody sends");
    }

    @Override
    public void listen(Receiver receiver) {
      if (attempts.incrementAndGet() == 1) {
        if (failure instanceof Error error) {
          throw error;
        }
        throw (RuntimeException) failure;
      }
      receiver.connected();
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  /** A connection that is broken already may be one that cannot be closed. */
  @Test
  void channelThatCannotBeClosedKeepsNothingElseOpen() {
    RotationChannel broken =
        new RotationChannel() {
          @Override
          public void send(String message) {}

          @Override
          public void listen(Receiver receiver) {}

          @Override
          public void close() {
            throw new IllegalStateException("broken pipe");
          }
        };
    FakeStore store = FakeStore.create().holding("A", "one");
    SecretProvider provider =
        SecretProvider.builder().store(store).environment(Map.of()).push(broken).build();
    Secret read = provider.get("A");
    assertThatThrownBy(provider::close).hasMessage("broken pipe");
    Failing.fails(SecretException.Kind.CLOSED, read::asString);
    Failing.fails(SecretException.Kind.CLOSED, () -> store.fetch("A"));
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        IllegalStateException.class,
        NoClassDefFoundError.class,
        OutOfMemoryError.class,
        StackOverflowError.class
      })
  void listensAgain(Class<? extends Throwable> failure) throws Exception {
    Logger logger = Logger.getLogger(SecretProvider.class.getName());
    logger.addHandler(handler);
    FailsOnce channel = new FailsOnce(failure.getConstructor(String.class).newInstance("canary"));
    try (SecretProvider provider =
        SecretProvider.builder()
            .store(FakeStore.create())
            .environment(Map.of())
            .push(channel)
            .build()) {
      assertThat(log.poll(20, TimeUnit.SECONDS))
          .startsWith("WARNING ")
          .contains(failure.getName())
          .doesNotContain("canary");
      assertThat(log.poll(20, TimeUnit.SECONDS)).startsWith("INFO ").contains("again");
      assertThat(provider).isNotNull();
    } finally {
      logger.removeHandler(handler);
    }
  }
}
