package de.lifetimecircle.secrets.internal.call;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of the running calls, with one alarm for all of them. Every call may take the same
 * time, so the alarm is set for the oldest call and, when it rings, for the oldest remaining one.
 * An alarm for each call would wake the timer's thread at nearly every load, which costs a tenth of
 * the time of a nearby backend.
 *
 * <p>Safe for use by several threads; no lock but that of {@link ColdStart}. The thread that sets
 * {@code isSet} sets the alarm. A call enters the set before its thread checks whether an alarm is
 * set, and the alarm clears {@code isSet} before it checks whether the set is empty, so every call
 * has an alarm. If an error ends that alarm, {@link Sweep} looks at the calls instead, until the
 * next call sets an alarm. The time comes from the alarm itself, which knows how far away it is or
 * how long ago it rang.
 */
final class Deadlines implements Runnable, Sweep.Step {
  private final ScheduledExecutorService timer;
  private final long timeout;
  private final Sweep sweep;
  private final ColdStart coldStart;
  private final Set<CallExecutor.Call<?>> underWay = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean isSet = new AtomicBoolean();

  /** The last alarm by its moment, which counts from the first call of all. */
  private volatile Map.@Nullable Entry<Long, ScheduledFuture<?>> last;

  /** When the backend answered last. */
  private volatile long lastAnswer = Long.MIN_VALUE / 2;

  /** The moment of the alarm that is set; the thread that sets it knows that there is no other. */
  private volatile long moment;

  Deadlines(ScheduledExecutorService timer, long timeout, Sweep sweep, ColdStart coldStart) {
    this.timer = timer;
    this.timeout = timeout;
    this.sweep = sweep;
    this.coldStart = coldStart;
    sweep.add(this);
  }

  /**
   * Watches a call from now on; its time begins with its first try.
   *
   * @throws RejectedExecutionException if the timer has ended
   */
  void watch(CallExecutor.Call<?> call) {
    call.asked = now();
    call.deadline = call.asked + timeout;
    call.latest = coldStart.latest(call.deadline);
    underWay.add(call);
    if (timer.isShutdown()) {
      throw new RejectedExecutionException();
    }
    sweep.start();
    if (!isSet.get() && isSet.compareAndSet(false, true)) {
      set(now() + timeout, timeout);
    }
  }

  /** A thread has come to the call: its time begins. */
  void begin(CallExecutor.Call<?> call) {
    synchronized (coldStart) {
      call.deadline = now() + timeout;
      call.latest = coldStart.latest(call.deadline);
      call.putOff = 0;
      call.isWaiting = false; // after that, or the timer would see a call whose time is over
    }
  }

  /** The backend has answered a call: those that wait for a thread have a reason to. */
  void answered() {
    lastAnswer = now();
  }

  /** Keeps a call under way though it has its result. */
  void keep(CallExecutor.Call<?> call) {
    underWay.add(call);
  }

  @Override
  public boolean isNeeded() {
    return !underWay.isEmpty();
  }

  /**
   * Ends what the alarm should have ended, delivers what was not delivered, begins what was lost.
   */
  @Override
  public void sweep() {
    long unused = endThoseBefore(now());
    underWay.forEach(CallExecutor.Call::recover);
  }

  /** Begins the time of a running call again; returns by how much its end moved since the first. */
  long renew(CallExecutor.Call<?> call, long firstDeadline) {
    synchronized (coldStart) {
      long end = now() + timeout;
      call.deadline = end;
      return end - firstDeadline;
    }
  }

  /** Returns how many nanoseconds a running call has left. */
  long left(CallExecutor.Call<?> call) {
    return call.deadline - now();
  }

  /** A call is done. */
  void forget(CallExecutor.Call<?> call) {
    underWay.remove(call);
  }

  /** The calls that are not done. */
  Set<CallExecutor.Call<?>> underWay() {
    return underWay;
  }

  private long now() {
    Map.Entry<Long, ScheduledFuture<?>> alarm = last;
    return alarm == null ? 0 : alarm.getKey() - alarm.getValue().getDelay(TimeUnit.NANOSECONDS);
  }

  private void set(long due, long delay) {
    moment = due;
    try {
      last = Map.entry(due, timer.schedule(this, delay, TimeUnit.NANOSECONDS));
    } catch (Throwable closing) { // or there is no thread or no memory
      isSet.set(false);
      throw closing;
    }
  }

  /** The alarm rings. */
  @Override
  public void run() {
    do {
      long next;
      long now;
      try {
        now = Math.max(moment, now()); // an alarm may ring before it is known
        next = endThoseBefore(now);
      } catch (Throwable e) { // the next call sets the alarm again, and the sweep does meanwhile
        isSet.set(false);
        throw e;
      }
      if (next < Long.MAX_VALUE) {
        next = Math.min(next, now + timeout); // a call that begins now has no later deadline
        set(next, next - now);
        return;
      }
      isSet.set(false);
    } while (!underWay.isEmpty() && isSet.compareAndSet(false, true));
  }

  /** Ends the calls whose time is over; returns the deadline of the oldest that is left. */
  private long endThoseBefore(long now) {
    long next = Long.MAX_VALUE;
    for (CallExecutor.Call<?> call : underWay) {
      putOff(call, now);
      try {
        call.endBefore(now);
      } catch (Throwable e) { // the sweep comes to it again; the others must not wait for that
        sweep.failed(e);
      }
      if (call.deadline > now) {
        next = Math.min(next, call.deadline);
      } else if (underWay.contains(call)) { // it is being delivered, or that failed
        next = Math.min(next, now + Sweep.AGAIN);
      }
    }
    return next;
  }

  /**
   * Returns how long a call may wait for a thread: while the backend answers others, in a limit.
   */
  private long whileAnswered(CallExecutor.Call<?> call) {
    return call.isWaiting ? Math.min(lastAnswer + timeout, longestWait(call)) : call.deadline;
  }

  private long longestWait(CallExecutor.Call<?> call) {
    return call.asked + CallExecutor.MOST_STEPS * timeout;
  }

  /** Whether a call has waited for a thread as long as any call may. */
  boolean mayWaitNoLonger(CallExecutor.Call<?> call) {
    return call.deadline >= longestWait(call);
  }

  /** Puts the end of a call off that waits for a thread or computes; by the timer or the sweep. */
  private void putOff(CallExecutor.Call<?> call, long now) {
    try {
      synchronized (coldStart) {
        long deadline = call.deadline;
        long later = deadline;
        if (deadline <= now) {
          later = Math.max(whileAnswered(call), coldStart.putOff(deadline, call.latest, now));
        }
        if (later > deadline) {
          call.putOff += later - deadline;
          call.deadline = later;
        } else if (deadline <= now && deadline >= call.latest) {
          coldStart.over(); // it had all the time there is, and the next ones get no more
        }
      }
    } catch (Throwable e) { // then it ends on time
      sweep.failed(e);
    }
  }
}
