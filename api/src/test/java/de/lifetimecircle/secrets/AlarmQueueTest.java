package de.lifetimecircle.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AlarmQueueTest {
  private final HandTimer timer = new HandTimer();
  private final AlarmQueue queue = new AlarmQueue(timer);
  private final List<String> rung = new ArrayList<>();

  /** A timer whose time moves only by hand, and which keeps at most one task, as the queue does. */
  private static final class HandTimer extends ScheduledThreadPoolExecutor {
    private long now;
    private Waiting task;
    private int scheduled;
    private boolean refuses;

    HandTimer() {
      super(0);
    }

    private final class Waiting extends FutureTask<Void> implements ScheduledFuture<Void> {
      private final long due;

      Waiting(Runnable work, long delay) {
        super(work, null);
        this.due = now + delay;
      }

      @Override
      public long getDelay(TimeUnit unit) {
        return unit.convert(due - now, TimeUnit.NANOSECONDS);
      }

      @Override
      public int compareTo(Delayed other) {
        return 0;
      }

      @Override
      public boolean cancel(boolean interrupt) {
        task = task == this ? null : task;
        return super.cancel(interrupt);
      }
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
      if (refuses) {
        throw new RejectedExecutionException("ended");
      }
      assertThat(task == null).as("one task for all alarms").isTrue();
      scheduled++;
      task = new Waiting(work, unit.toNanos(delay));
      return task;
    }

    void advance(long nanos) {
      long target = now + nanos;
      while (task != null && task.due <= target) {
        Waiting due = task;
        task = null;
        now = Math.max(now, due.due);
        due.run();
      }
      now = target;
    }
  }

  private final class Named extends AlarmQueue.Alarm {
    private final String name;

    Named(String name) {
      this.name = name;
    }

    @Override
    void ring(long now) {
      rung.add(name + "@" + timer.now);
    }
  }

  @AfterEach
  void end() {
    timer.shutdownNow();
  }

  @Test
  void ringsEachAtItsTimeWithOneTaskOfTheTimer() {
    queue.set(new Named("late"), queue.now() + 30);
    queue.set(new Named("early"), queue.now() + 10);
    queue.set(new Named("middle"), queue.now() + 20);
    timer.advance(25);
    assertThat(rung).containsExactly("early@10", "middle@20");
    timer.advance(5);
    assertThat(rung).containsExactly("early@10", "middle@20", "late@30");
    assertThat(timer.task == null).as("nothing is left to wait for").isTrue();
  }

  @Test
  void anAlarmHasOneTimeAndMovesToAnother() {
    Named alarm = new Named("a");
    queue.set(alarm, 10);
    queue.set(alarm, 40);
    timer.advance(39);
    assertThat(rung).isEmpty();
    assertThat(queue.set(alarm, AlarmQueue.NEVER)).isTrue();
    assertThat(timer.task == null).isTrue();
    timer.advance(100);
    assertThat(rung).isEmpty();
    queue.set(alarm, queue.now() + 5);
    timer.advance(5);
    assertThat(rung).containsExactly("a@144");
  }

  @Test
  void aLaterAlarmDoesNotTouchTheTimer() {
    queue.set(new Named("first"), 10);
    for (int i = 0; i < 1000; i++) {
      queue.set(new Named("later"), 100 + i);
    }
    assertThat(timer.scheduled).isEqualTo(1);
    queue.clear();
    assertThat(timer.task == null).isTrue();
    timer.advance(5000);
    assertThat(rung).isEmpty();
  }

  @Test
  void aForgottenAlarmCanBeSetAgain() {
    Named alarm = new Named("a");
    queue.set(new Named("first"), 10);
    queue.set(alarm, 20);
    queue.clear();
    queue.set(alarm, 30);
    timer.advance(30);
    assertThat(rung).containsExactly("a@30");
  }

  @Test
  void aLaterAlarmOfATimerThatIsShutDownIsTold() {
    queue.set(new Named("first"), 10);
    timer.shutdown();
    assertThat(queue.set(new Named("later"), 20)).isFalse();
  }

  @Test
  void aTimerThatHasEndedIsTold() {
    timer.refuses = true;
    assertThat(queue.set(new Named("a"), 10)).isFalse();
    timer.refuses = false;
    assertThat(queue.set(new Named("b"), 10)).isTrue();
    timer.advance(10);
    assertThat(rung).containsExactly("b@10");
  }

  @Test
  void aDefectOfOneAlarmDoesNotSilenceTheOthers() {
    queue.set(
        new AlarmQueue.Alarm() {
          @Override
          void ring(long now) {
            throw new IllegalStateException("a defect");
          }
        },
        10);
    queue.set(new Named("b"), 10);
    queue.set(new Named("c"), 20);
    timer.advance(20);
    assertThat(rung).containsExactly("b@10", "c@20");
  }

  @Test
  void ringsAsASortedMapWouldWhateverIsSetAndMoved() {
    SplittableRandom random = new SplittableRandom(7);
    List<Named> alarms = new ArrayList<>();
    TreeMap<Long, String> expected = new TreeMap<>();
    List<Long> times = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      alarms.add(new Named("n" + i));
      times.add(AlarmQueue.NEVER);
    }
    for (int i = 0; i < 3000; i++) {
      int which = random.nextInt(alarms.size());
      boolean isRemoved = random.nextInt(4) == 0;
      long due = isRemoved ? AlarmQueue.NEVER : 1000L * (1 + random.nextInt(100_000)) + which;
      queue.set(alarms.get(which), due);
      times.set(which, due);
    }
    for (int i = 0; i < alarms.size(); i++) {
      if (times.get(i) != AlarmQueue.NEVER) {
        expected.put(times.get(i), "n" + i + "@" + times.get(i));
      }
    }
    timer.advance(200_000_000L);
    assertThat(rung).containsExactlyElementsOf(expected.values());
  }
}
