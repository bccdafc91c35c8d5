package de.lifetimecircle.secrets.internal.call;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;

/**
 * The deadlines of the running calls. {@link Sweep} ends a call whose time is over: every call may
 * take the same time, so its thread sleeps until the end of the oldest one, and a call wakes
 * nobody. Waking a thread at nearly every load would cost a tenth of the time of a nearby backend.
 *
 * <p>Safe for use by several threads; no lock but that of {@link ColdStart}.
 */
final class Deadlines implements Sweep.Step {
  private final LongSupplier clock;
  private final long timeout;
  private final Sweep sweep;
  private final ColdStart coldStart;
  private final Set<CallExecutor.Call<?>> underWay = ConcurrentHashMap.newKeySet();

  /** The clock as it was at the beginning, from which all times count here: no sum overflows. */
  private final long start;

  /** When the backend answered last. */
  private volatile long lastAnswer = Long.MIN_VALUE / 2;

  Deadlines(LongSupplier clock, long timeout, Sweep sweep, ColdStart coldStart) {
    this.clock = clock;
    this.start = clock.getAsLong();
    this.timeout = timeout;
    this.sweep = sweep;
    this.coldStart = coldStart;
    sweep.add(this);
  }

  /**
   * Watches a call from now on; its time begins with its first try.
   *
   * @throws RejectedExecutionException if nothing would end it
   */
  void watch(CallExecutor.Call<?> call) {
    call.asked = now();
    call.deadline = call.asked + timeout;
    call.latest = coldStart.latest(call.deadline);
    underWay.add(call);
    sweep.start();
  }

  /** A thread has come to the call: its time begins. */
  void begin(CallExecutor.Call<?> call) {
    synchronized (coldStart) {
      call.deadline = now() + timeout;
      call.latest = coldStart.latest(call.deadline);
      call.putOff = 0;
      call.isWaiting = false; // after that, or the sweep would see a call whose time is over
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

  /** Ends what is over, delivers what was not delivered, begins what was lost. */
  @Override
  public void sweep() {
    endThoseBefore(now());
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
    return clock.getAsLong() - start;
  }

  /** Ends the calls whose time is over, and has the sweep come again for the oldest left. */
  private void endThoseBefore(long now) {
    for (CallExecutor.Call<?> call : underWay) {
      putOff(call, now);
      try {
        call.endBefore(now);
      } catch (Throwable e) { // the sweep comes to it again; the others must not wait for that
        sweep.failed(e);
      }
      if (call.deadline > now) {
        sweep.within(call.deadline - now);
      }
    }
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

  /** Puts the end of a call off that waits for a thread or computes; by the sweep. */
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
