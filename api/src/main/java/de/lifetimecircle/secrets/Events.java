package de.lifetimecircle.secrets;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Delivers events one after another, in the order in which they were published, on an executor of
 * its own.
 *
 * <p>{@code waiting} counts the queued events; whoever raises it from 0 starts the delivery, so at
 * most one delivery runs and none is forgotten. No lock is held while a listener runs.
 */
final class Events {
  private static final System.Logger LOG = System.getLogger(SecretProvider.class.getName());

  private final ExecutorService executor;
  private final List<SecretListener> everyName;
  private final Map<String, List<Place>> byName = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<SecretEvent> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();

  /** One registration; equal to itself only, so that one listener may have two of them. */
  private static final class Place {
    final SecretListener listener;

    Place(SecretListener listener) {
      this.listener = listener;
    }
  }

  Events(ExecutorService executor, List<SecretListener> everyName) {
    this.executor = executor;
    this.everyName = List.copyOf(everyName);
  }

  SecretListener.Registration register(String name, SecretListener listener) {
    Place place = new Place(listener);
    byName.computeIfAbsent(name, n -> new CopyOnWriteArrayList<>()).add(place);
    return () ->
        byName.computeIfPresent(
            name,
            (n, places) -> {
              places.remove(place);
              return places.isEmpty() ? null : places;
            });
  }

  boolean hasListener(String name) {
    return !everyName.isEmpty() || byName.containsKey(name);
  }

  void publish(SecretEvent event) {
    if (!hasListener(event.name())) {
      return;
    }
    queue.add(event);
    if (waiting.getAndIncrement() == 0) {
      try {
        executor.execute(this::deliver);
      } catch (RejectedExecutionException closing) {
        queue.clear();
        waiting.set(0);
      }
    }
  }

  private void deliver() {
    do {
      SecretEvent event = queue.poll();
      if (event != null) {
        everyName.forEach(listener -> tell(listener, event));
        for (Place place : byName.getOrDefault(event.name(), List.of())) {
          tell(place.listener, event);
        }
      }
    } while (waiting.decrementAndGet() > 0);
  }

  private static void tell(SecretListener listener, SecretEvent event) {
    try {
      listener.onEvent(event);
    } catch (Throwable e) { // foreign code: whatever it throws, the others are still told
      // Its text is left out: a listener may have read the secret and put it there.
      LOG.log(
          System.Logger.Level.WARNING,
          "A listener failed on {0} with {1}. Mend the listener.",
          event,
          e.getClass().getName());
    }
  }
}
