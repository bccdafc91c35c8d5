package de.lifetimecircle.secrets.internal.events;

import de.lifetimecircle.secrets.SecretEvent;
import de.lifetimecircle.secrets.SecretListener;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.internal.call.EngineThreads;
import de.lifetimecircle.secrets.internal.call.Sweep;
import de.lifetimecircle.secrets.internal.metrics.EngineMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Delivers events to each listener one after another, in the order in which they were published, on
 * an executor of its own. A listener that hangs keeps its own events waiting and no other
 * listener's.
 *
 * <p>An event is recorded where it happens, inside the monitor of its entry, so that the order in a
 * mailbox is the order of publication; it is delivered after the monitor was left: another thread
 * may start the delivery sooner, so it enters the monitor before it tells the listener. A mailbox
 * with news is in {@code pending} until a thread starts its delivery, which ends when the mailbox
 * is empty: so at most one delivery of a mailbox runs and none is forgotten. A delivery that no
 * thread takes stays pending for the next tick of the {@link Sweep}. No lock is held while a
 * listener runs; the monitor of a mailbox is always the last lock that a thread takes.
 */
public final class EventDelivery implements Sweep.Step {
  /** So many events wait for a listener that is slow or hangs; then the oldest are dropped. */
  static final int MOST_WAITING = 10_000;

  private final ExecutorService executor;
  private final List<Mailbox> everyName = new ArrayList<>();
  private final Map<String, List<Mailbox>> byName = new ConcurrentHashMap<>();
  private final Queue<Mailbox> pending = new ConcurrentLinkedQueue<>();
  private final Queue<Mailbox> overflown = new ConcurrentLinkedQueue<>();
  private final EngineMetrics metrics;

  public EventDelivery(
      EngineThreads threads, List<SecretListener> everyName, EngineMetrics metrics) {
    this.executor = threads.listeners;
    this.metrics = metrics;
    for (SecretListener listener : everyName) {
      this.everyName.add(new Mailbox(listener));
    }
  }

  /** Adds a listener; returns its place, which no other registration of it has. */
  public synchronized Object register(String name, SecretListener listener) {
    Mailbox place = new Mailbox(listener);
    List<Mailbox> known = byName.get(name);
    List<Mailbox> places = known != null ? known : new CopyOnWriteArrayList<>();
    places.add(place);
    byName.put(name, places);
    return place;
  }

  /** Ends a place; returns whether it was one. */
  public synchronized boolean remove(String name, Object place) {
    List<Mailbox> places = byName.get(name);
    if (places == null || !(place instanceof Mailbox box) || !places.remove(box)) {
      return false;
    }
    box.end();
    if (places.isEmpty()) {
      byName.remove(name);
    }
    return true;
  }

  /** An event, and the monitor that is left once readers get what it tells of. */
  private record Recorded(SecretEvent event, Object monitor) {}

  /** Puts an event into the mailbox of each listener; called inside that monitor. */
  public void record(SecretEvent event, Object monitor) {
    Recorded recorded = new Recorded(event, monitor);
    for (Mailbox box : everyName) {
      box.add(recorded);
    }
    for (Mailbox box : byName.getOrDefault(event.name(), List.of())) {
      box.add(recorded);
    }
  }

  /** Starts the delivery of the events in the mailboxes; what no thread takes stays pending. */
  public void deliver() {
    // Each once: one that no thread takes is pending again, for the next tick.
    List<Mailbox> refused = new ArrayList<>();
    for (Mailbox box = pending.poll(); box != null; box = pending.poll()) {
      if (!box.start()) {
        refused.add(box);
      }
    }
    for (Mailbox box : refused) {
      box.letPend();
    }
    for (Mailbox box = overflown.poll(); box != null; box = overflown.poll()) {
      box.report();
    }
  }

  /** Whether a delivery is pending that a later tick can start. */
  @Override
  public boolean isNeeded() {
    return !pending.isEmpty() && !executor.isShutdown();
  }

  /** Makes sure of it, also where an error has ended a delivery or has kept it from being begun. */
  @Override
  public void sweep() {
    for (Mailbox box : everyName) {
      box.letPend();
    }
    for (List<Mailbox> boxes : byName.values()) {
      for (Mailbox box : boxes) {
        box.letPend();
      }
    }
    deliver();
  }

  /** The events that wait for one listener; guarded by its monitor. */
  private final class Mailbox implements Runnable {
    private final SecretListener listener;
    private final Queue<Recorded> waiting = new LinkedBlockingQueue<>();

    /**
     * Whether it is pending or being delivered, so that no other thread needs to start its
     * delivery. False after an error, so that the next event or sweep lets it pend.
     */
    private boolean isTaken;

    private boolean hasEnded;
    private boolean hasDropped;

    Mailbox(SecretListener listener) {
      this.listener = listener;
    }

    synchronized void add(Recorded event) {
      if (hasEnded) {
        return;
      }
      if (waiting.size() >= MOST_WAITING) {
        waiting.remove();
        if (!hasDropped) {
          hasDropped = true;
          overflown.add(this);
        }
      }
      waiting.add(event);
      letPend();
    }

    /** Lets its delivery be started, if there is anything to deliver and no other thread does. */
    synchronized void letPend() {
      if (!isTaken && !waiting.isEmpty()) {
        pending.add(this);
        isTaken = true; // last: there may be no memory to let it pend
      }
    }

    private synchronized void giveBack() {
      isTaken = false;
    }

    /** Says once that events are dropped. */
    void report() {
      metrics.foreignFailure();
      logger()
          .log(
              System.Logger.Level.WARNING,
              "A listener is so slow that the oldest of its {0} waiting events are dropped. Fix the"
                  + " listener.",
              Integer.toString(MOST_WAITING));
    }

    /** Its registration has ended: it hears of nothing any more. */
    synchronized void end() {
      hasEnded = true;
      waiting.clear();
    }

    /** Starts the delivery; returns whether a thread has taken it. */
    boolean start() {
      try {
        executor.execute(this);
        return true;
      } catch (RuntimeException | Error e) { // closed, crowded, no thread, or a defect
        giveBack();
        return false;
      }
    }

    private synchronized @Nullable Recorded next() {
      Recorded next = waiting.poll();
      isTaken = next != null;
      return next;
    }

    /** The delivery; begun by {@link #start}. */
    @Override
    public void run() {
      boolean isDone = false;
      try {
        for (Recorded event = next(); event != null; event = next()) {
          tell(listener, event);
        }
        isDone = true;
      } finally {
        if (!isDone) {
          giveBack();
        }
      }
    }
  }

  private void tell(SecretListener listener, Recorded recorded) {
    SecretEvent event;
    synchronized (recorded.monitor()) {
      event = recorded.event();
    }
    try {
      listener.onEvent(event);
    } catch (Throwable e) { // foreign code: whatever it throws, the others are still told
      metrics.foreignFailure();
      // Its text is left out: a listener may have read the secret and put it there.
      logger()
          .log(
              System.Logger.Level.WARNING,
              "A listener failed on {0} with {1}. Fix the listener.",
              event,
              e.getClass().getName());
    }
  }

  /** Asked for when there is something to say: the first logger costs a start 10 ms. */
  private static System.Logger logger() {
    return System.getLogger(SecretProvider.class.getName());
  }
}
