package de.lifetimecircle.secrets.internal.call;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.ConditionWait;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.internal.config.CachePolicy;
import de.lifetimecircle.secrets.internal.metrics.EngineMetrics;
import de.lifetimecircle.secrets.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** The thread that sweeps, in real time: neither errors nor interrupts end it, and it rests. */
class SweepTest {
  private static final CachePolicy POLICY = policy(Duration.ofSeconds(1));
  private static final CachePolicy POLICY_OF_LONG_TICKS = policy(Duration.ofMinutes(5));

  private static CachePolicy policy(Duration softAge) {
    return new CachePolicy(
        softAge,
        softAge.multipliedBy(5),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        0,
        0,
        Duration.ofHours(1),
        100,
        1 << 20);
  }

  /** A step that fails each time, in the thread that sweeps. */
  private static final class Failing implements Sweep.Step {
    final AtomicInteger swept = new AtomicInteger();
    volatile boolean isNeeded = true;
    final AtomicInteger failures = new AtomicInteger();
    private int asked;

    @Override
    public boolean isNeeded() {
      if (failures.get() > 0 && ++asked % 2 == 0) {
        throw new StackOverflowError();
      }
      return isNeeded;
    }

    @Override
    public void sweep() {
      swept.incrementAndGet();
      if (failures.get() > 0) {
        failures.decrementAndGet();
        Thread.currentThread().interrupt();
        if (failures.get() % 2 == 0) {
          throw new OutOfMemoryError("planted");
        }
        throw new IllegalStateException();
      }
    }
  }

  @Test
  void noErrorEndsTheThread() {
    EngineThreads threads = EngineThreads.own(SweepTest.class.getClassLoader());
    Sweep sweep = new Sweep(POLICY, threads, metrics());
    Failing failing = new Failing();
    Failing other = new Failing();
    sweep.add(failing);
    sweep.add(other);
    failing.failures.set(6);
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    sweep.start();
    ConditionWait.until("the errors are over", () -> failing.failures.get() == 0);
    int others = other.swept.get();
    assertThat(others).as("the other step, meanwhile").isGreaterThanOrEqualTo(5);
    ConditionWait.until("ticks go on", () -> other.swept.get() > others);

    failing.isNeeded = false;
    other.isNeeded = false;
    Thread sweeper = sweeper(before);
    ConditionWait.until("it rests", () -> sweeper.getState() == Thread.State.WAITING);
    int swept = other.swept.get();
    other.isNeeded = true;
    sweep.start();
    ConditionWait.until("it ticks again", () -> other.swept.get() > swept);
    sweep.close();
    other.isNeeded = false;
    ConditionWait.until("it ends", () -> !sweeper.isAlive());
    threads.close();
  }

  /** A step that is swept so many times, and fails at the first of them. */
  private static final class Ending implements Sweep.Step {
    final Queue<Long> times = new ConcurrentLinkedQueue<>();
    private final int most;
    private final int failures;

    Ending(int most, int failures) {
      this.most = most;
      this.failures = failures;
    }

    @Override
    public boolean isNeeded() {
      return times.size() < most;
    }

    @Override
    public void sweep() {
      times.add(System.nanoTime());
      if (times.size() <= failures) {
        throw new IllegalStateException();
      }
    }
  }

  @Test
  void stepThatFailedIsSweptAgainSoonerThanATickLater() {
    EngineThreads threads = EngineThreads.own(SweepTest.class.getClassLoader());
    Sweep sweep = new Sweep(POLICY_OF_LONG_TICKS, threads, metrics());
    Ending step = new Ending(5, 5);
    sweep.add(step);
    sweep.start();
    ConditionWait.until("all have failed", () -> !step.isNeeded());
    sweep.close();
    threads.close();
    long shortest = Long.MAX_VALUE; // of all, since a busy machine makes any of them longer
    long before = step.times.remove();
    for (long time : step.times) {
      shortest = Math.min(shortest, time - before);
      before = time;
    }
    assertThat(Duration.ofNanos(shortest)).isLessThan(Duration.ofMillis(500));
  }

  // ---- the report, in given time

  @Test
  void errorIsReportedOnceAfterTheLastFailure() {
    FakeTicker ticker = FakeTicker.inline();
    Sweep sweep = given(ticker);
    Ending step = new Ending(7, 3);
    sweep.add(step);
    List<Integer> swept = new ArrayList<>();
    warnings(
        () -> swept.add(step.times.size()),
        () -> {
          sweep.start();
          ticker.advance(Duration.ofSeconds(1));
        });
    assertThat(step.isNeeded()).isFalse();
    assertThat(swept).as("how often it was swept, at each warning").containsExactly(4);
  }

  @Test
  void errorBetweenTwoPassesIsReported() {
    FakeTicker ticker = FakeTicker.inline();
    Sweep sweep = given(ticker);
    sweep.add(new Ending(7, 0));
    sweep.start();
    ticker.advance(Duration.ofNanos(sweep.tick));
    List<String> told = new ArrayList<>();
    warnings(
        () -> told.add("warned"),
        () -> {
          sweep.failed(new OutOfMemoryError("planted"));
          assertThat(told).as("nobody knows yet whether it works again").isEmpty();
          ticker.advance(Duration.ofNanos(sweep.tick));
        });
    assertThat(told).containsExactly("warned");
  }

  private static EngineMetrics metrics() {
    return new EngineMetrics(List.of(), "sweep", 0);
  }

  private static Sweep given(FakeTicker ticker) {
    return new Sweep(
        POLICY, EngineThreads.inGivenTime(ticker.timer(), ticker.workers()), metrics());
  }

  /** Does something for each warning while the work is done. */
  private static void warnings(Runnable each, Runnable work) {
    Logger logger = Logger.getLogger(SecretProvider.class.getName());
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            if (line.getLevel().equals(Level.WARNING)) {
              each.run();
            }
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    try {
      work.run();
    } finally {
      logger.setUseParentHandlers(true);
      logger.removeHandler(handler);
    }
  }

  private static Thread sweeper(Set<Thread> before) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread) && thread.getName().startsWith("secrets-sweep"))
        .findFirst()
        .orElseThrow();
  }
}
