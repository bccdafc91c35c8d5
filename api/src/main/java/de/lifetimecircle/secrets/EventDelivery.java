package de.lifetimecircle.secrets;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Delivers events one after another, in the order in which they were published, on an executor of
 * its own.
 *
 * <p>An event is recorded where it happens, inside the monitor of its entry, so that the order of
 * the queue is the order of publication; it is delivered after the monitor was left. Whoever sets
 * {@code delivering} starts the delivery, which looks into the queue once more after it has unset
 * it: so at most one delivery runs and none is forgotten. A delivery that no thread takes is tried
 * again after a second. No lock is held while a listener runs.
 */
final class EventDelivery implements Runnable {
  /** How long a delivery that no thread took waits for its next try. */
  private static final long RETRY_SECONDS = 1;

  private final ExecutorService executor;
  private final ScheduledExecutorService timer;
  private final List<SecretListener> everyName;

  /** Each in an array, which is equal to itself only: one listener may be registered twice. */
  private final Map<String, List<SecretListener[]>> byName = new ConcurrentHashMap<>();

  private final ConcurrentLinkedQueue<SecretEvent> queue = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean delivering = new AtomicBoolean();
  private final AtomicBoolean retrying = new AtomicBoolean();
  private final EngineMetrics metrics;

  EventDelivery(EngineThreads threads, List<SecretListener> everyName, EngineMetrics metrics) {
    this.executor = threads.events;
    this.timer = threads.timer;
    this.metrics = metrics;
    this.everyName = List.copyOf(everyName);
  }

  /** Adds a listener; returns its place. */
  synchronized Object register(String name, SecretListener listener) {
    SecretListener[] place = {listener};
    List<SecretListener[]> known = byName.get(name);
    List<SecretListener[]> places = known != null ? known : new CopyOnWriteArrayList<>();
    places.add(place);
    byName.put(name, places);
    return place;
  }

  /** Ends a place; returns whether it was one. */
  synchronized boolean remove(String name, Object place) {
    List<SecretListener[]> places = byName.getOrDefault(name, List.of());
    boolean was = places.contains(place) && places.remove(place);
    if (places.isEmpty()) {
      byName.remove(name);
    }
    return was;
  }

  boolean hasListener(String name) {
    return !everyName.isEmpty() || byName.containsKey(name);
  }

  /** Puts an event into the queue. */
  void record(SecretEvent event) {
    if (hasListener(event.name())) {
      queue.add(event);
    }
  }

  /** Makes sure that the queued events are delivered. */
  void deliver() {
    if (!queue.isEmpty() && delivering.compareAndSet(false, true)) {
      boolean taken = false;
      try {
        executor.execute(this);
        taken = true;
      } catch (RejectedExecutionException
          | OutOfMemoryError e) { // closed, crowded, or no thread can be started
        retryLater();
      } finally { // whatever an executor throws: a later delivery is not to wait for this one
        if (!taken) {
          delivering.set(false);
        }
      }
    }
  }

  /** Also if no event comes that would begin a delivery by itself. */
  private void retryLater() {
    if (retrying.compareAndSet(false, true)) {
      try {
        var unused = timer.schedule(this::retry, RETRY_SECONDS, TimeUnit.SECONDS);
      } catch (RejectedExecutionException closing) {
        retrying.set(false);
      }
    }
  }

  private void retry() {
    retrying.set(false);
    deliver();
  }

  /** The delivery; begun by {@link #deliver}. */
  @Override
  public void run() {
    do {
      for (SecretEvent event = queue.poll(); event != null; event = queue.poll()) {
        tellAll(event);
      }
      delivering.set(false);
    } while (!queue.isEmpty() && delivering.compareAndSet(false, true));
  }

  private void tellAll(SecretEvent event) {
    for (SecretListener listener : everyName) {
      tell(listener, event);
    }
    for (SecretListener[] place : byName.getOrDefault(event.name(), List.of())) {
      tell(place[0], event);
    }
  }

  private void tell(SecretListener listener, SecretEvent event) {
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
