package de.lifetimecircle.secrets;

import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The alarms of all entries, each with the one time at which it rings next, and one task of the
 * timer for the earliest of them. A task for each alarm took 100 bytes of heap and more, three
 * times for each name; a place here takes 4 bytes, and the alarm is a part of its entry.
 *
 * <p>A binary heap, ordered by time. Guarded by this object's monitor, in which the timer is called
 * and nothing else; an alarm rings outside of it. Setting, moving and removing an alarm takes a
 * time that grows with the logarithm of their number, which each load pays once.
 *
 * <p>An alarm leaves the queue after its work is done, never before: it is set to ring again in a
 * second, and removed if its work ended and set no other time. So an error at any point of the work
 * loses no alarm. An error in the timer loses its task at most; then {@link Sweep} rings the alarms
 * that are overdue. Only {@link #set} allocates, and only for an alarm that is not in the queue
 * yet.
 *
 * <p>Times are nanoseconds of the timer's own clock, which is read from the last task that was
 * given to it: a task knows how far away it is or how long ago it ran. So alarms and timer agree in
 * a test that moves only the timer.
 */
final class AlarmQueue implements Runnable, Sweep.Step {
  /** Does not ring. */
  static final long NEVER = Long.MAX_VALUE;

  /** The time after which work that failed is done again. */
  static final long AGAIN = TimeUnit.SECONDS.toNanos(1);

  private static final int NOWHERE = -1;

  /** An alarm of this queue; its fields are the queue's and guarded by the queue's monitor. */
  abstract static class Alarm {
    private long due = NEVER;
    private int place = NOWHERE;

    /** Whether it was taken to ring, and has set no other time since. */
    private boolean isTaken;

    /**
     * Does the due work. It may have been set to another time just before.
     *
     * @param now the time by the queue, at least that for which the alarm was set
     */
    abstract void ring(long now);
  }

  private final ScheduledExecutorService timer;
  private Alarm[] heap = new Alarm[16];
  private int size;

  /** The last task that was given to the timer, and the time for which it was. */
  private @Nullable ScheduledFuture<?> task;

  private long taskDue;
  private boolean isTaskSet;

  AlarmQueue(ScheduledExecutorService timer) {
    this.timer = timer;
  }

  /** The time by the timer's clock. */
  synchronized long now() {
    return task == null ? 0 : taskDue - task.getDelay(TimeUnit.NANOSECONDS);
  }

  /**
   * Sets the time at which an alarm rings next, {@link #NEVER} for not at all.
   *
   * @return false if it will not ring, because the timer takes no task any more
   */
  synchronized boolean set(Alarm alarm, long due) {
    if (due == NEVER) {
      remove(alarm);
      return true;
    }
    alarm.due = due;
    alarm.isTaken = false;
    if (alarm.place == NOWHERE) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, size + (size >> 2));
      }
      alarm.place = size++;
      heap[alarm.place] = alarm;
    }
    settle(alarm);
    boolean isSet = schedule();
    if (!isSet) {
      remove(alarm);
    }
    return isSet;
  }

  /** Forgets all alarms. */
  synchronized void clear() {
    for (int i = 0; i < size; i++) {
      heap[i].place = NOWHERE;
    }
    heap = new Alarm[16];
    size = 0;
    cancelTask();
  }

  /** The task of the timer: rings the due alarms. */
  @Override
  public void run() {
    synchronized (this) {
      isTaskSet = false;
    }
    ringDue();
  }

  /** Rings the alarms that the timer should have rung, and sets its task if it was lost. */
  @Override
  public void sweep() {
    synchronized (this) {
      if (size == 0 || heap[0].due > now()) {
        return;
      }
      cancelTask();
    }
    ringDue();
  }

  /** Whether an alarm is set. */
  @Override
  public synchronized boolean isNeeded() {
    return size > 0;
  }

  private void ringDue() {
    Throwable failure = null;
    try {
      long now = now();
      for (Alarm next = takeDue(now); next != null; next = takeDue(now)) {
        try {
          next.ring(now);
          done(next);
        } catch (Throwable e) { // it rings again; the others must not wait for that
          failure = e;
        }
      }
    } finally {
      synchronized (this) {
        var unused = schedule();
      }
    }
    if (failure instanceof Error error) {
      throw error;
    } else if (failure instanceof RuntimeException defect) {
      throw defect;
    }
  }

  private synchronized @Nullable Alarm takeDue(long now) {
    if (size == 0 || heap[0].due > now) {
      return null;
    }
    Alarm first = heap[0];
    first.due = now + AGAIN;
    first.isTaken = true;
    settle(first);
    return first;
  }

  private synchronized void done(Alarm alarm) {
    if (alarm.isTaken) {
      remove(alarm);
    }
  }

  /** Makes sure that the task is set for the earliest alarm. */
  private boolean schedule() {
    if (size == 0) {
      cancelTask();
      return true;
    }
    long due = heap[0].due;
    if (isTaskSet
        && taskDue <= due) { // one that comes too early finds nothing due and sets the next
      return !timer.isShutdown();
    }
    // One that is overdue is due now: the time for which the task is set tells what time it is.
    long now = now();
    long at = Math.max(now, due);
    cancelTask();
    try {
      ScheduledFuture<?> next = timer.schedule(this, at - now, TimeUnit.NANOSECONDS);
      task = next;
      taskDue = at;
      isTaskSet = !next.isDone(); // a timer of somebody else's may run it at once, on this thread
      return true;
    } catch (RejectedExecutionException e) { // the provider is closed, or the timer has no thread
      return false;
    } catch (OutOfMemoryError e) { // then the sweep rings what is due, at most a tick late
      return true;
    }
  }

  private void cancelTask() {
    if (isTaskSet && task != null) {
      task.cancel(false);
    }
    isTaskSet = false;
  }

  private void remove(Alarm alarm) {
    int place = alarm.place;
    if (place == NOWHERE) {
      return;
    }
    Alarm last = heap[--size];
    heap[size] = null;
    alarm.place = NOWHERE;
    alarm.due = NEVER;
    alarm.isTaken = false;
    if (last != alarm) {
      last.place = place;
      heap[place] = last;
      settle(last);
    }
    if (size == 0) {
      cancelTask();
    }
  }

  /** Moves an alarm to where its time belongs. */
  private void settle(Alarm alarm) {
    int place = alarm.place;
    while (place > 0 && heap[(place - 1) / 2].due > alarm.due) {
      place = swap(alarm, place, (place - 1) / 2);
    }
    for (int child = earlierChild(place);
        child < size && heap[child].due < alarm.due;
        child = earlierChild(place)) {
      place = swap(alarm, place, child);
    }
  }

  private int earlierChild(int place) {
    int child = 2 * place + 1;
    return child + 1 < size && heap[child + 1].due < heap[child].due ? child + 1 : child;
  }

  private int swap(Alarm alarm, int from, int to) {
    Alarm other = heap[to];
    heap[from] = other;
    other.place = from;
    heap[to] = alarm;
    alarm.place = to;
    return to;
  }
}
