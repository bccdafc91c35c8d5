package de.lifetimecircle.secrets.internal.call;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.ConditionWait;
import de.lifetimecircle.secrets.internal.config.CachePolicy;
import de.lifetimecircle.secrets.internal.metrics.EngineMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The thread that sweeps, in real time: neither errors nor interrupts end it, and it rests. */
@Timeout(60)
class SweepTest {
  private static final CachePolicy POLICY =
      new CachePolicy(
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          0,
          0,
          Duration.ofHours(1),
          100,
          1 << 20);

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
    Sweep sweep = new Sweep(POLICY, threads, new EngineMetrics(List.of(), "sweep", 0));
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

  private static Thread sweeper(Set<Thread> before) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread) && thread.getName().startsWith("secrets-sweep"))
        .findFirst()
        .orElseThrow();
  }
}
