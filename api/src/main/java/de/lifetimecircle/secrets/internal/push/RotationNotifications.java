package de.lifetimecircle.secrets.internal.push;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.internal.cache.Cache;
import de.lifetimecircle.secrets.internal.cache.EngineParts;
import de.lifetimecircle.secrets.internal.cache.MaxAge;
import de.lifetimecircle.secrets.internal.call.Sweep;
import de.lifetimecircle.secrets.internal.config.PushSettings;
import de.lifetimecircle.secrets.spi.RotationChannel;
import de.lifetimecircle.secrets.spi.RotationNotice;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Turns messages about rotations into loads. Anybody who can write into the channel can send
 * anything, so a message is only a hint: it makes the cache ask the backend, at most once a second
 * for each name and only for names that are held. It never changes, drops or doubts a held answer.
 *
 * <p>Each name has one {@link Wait}, guarded by its monitor, in which nothing is called but the
 * timer. A message sets the time of the load, chosen at random. Those that arrive before it may
 * bring it forward but never put it off, and they move the age that the load must have. {@code due}
 * is the time of the earliest planned load; a task that finds it taken does nothing.
 */
public final class RotationNotifications implements RotationChannel.Receiver {
  /** Two loads of a name because of messages are at least this far apart. */
  private static final long APART = TimeUnit.SECONDS.toNanos(1);

  private static final long NEVER = Long.MAX_VALUE;
  private static final int FEW_WAITS = 10_000;

  private final Cache cache;
  private final EngineParts parts;
  private final PushSettings policy;
  private final Map<String, Wait> waits = new ConcurrentHashMap<>();

  /** Above so many waits, those that are over go: a search for every wait would cost the square. */
  private volatile int mostWaits = FEW_WAITS;

  /** Whether messages may have been lost since the last connection. */
  private volatile boolean missed;

  public RotationNotifications(Cache cache, EngineParts parts, PushSettings policy) {
    this.cache = cache;
    this.parts = parts;
    this.policy = policy;
  }

  /** The planned load of one name. */
  private static final class Wait {
    long due = NEVER;
    long earliest = Long.MIN_VALUE;
    MaxAge age;

    Wait(MaxAge age) {
      this.age = age;
    }
  }

  @Override
  public void message(String text) {
    Optional<RotationNotice> notice = RotationNotice.parse(text);
    if (notice.isEmpty() || !notice.get().name().startsWith(parts.prefix())) {
      return;
    }
    String name = notice.get().name().substring(parts.prefix().length());
    if (cache.isNews(name, notice.get().version())) {
      plan(name, policy.delay());
    }
  }

  /** Refreshes the held names once, if messages may have been lost. */
  @Override
  public void connected() {
    if (missed) {
      missed = false;
      cache.entries.keySet().forEach(name -> plan(name, policy.catchUp()));
    }
  }

  /** The connection broke, or could not be made: messages may be lost from now on. */
  public void lost() {
    missed = true;
  }

  private void plan(String name, Duration within) {
    MaxAge age = MaxAge.none(parts.now());
    long now = parts.time().nanoTime();
    long delay = (long) (within.toNanos() * parts.random().nextDouble());
    if (waits.size() > mostWaits) {
      waits.values().removeIf(wait -> isOver(wait, now));
      mostWaits = Math.max(FEW_WAITS, 2 * waits.size());
    }
    Wait wait = waits.computeIfAbsent(name, n -> new Wait(age));
    synchronized (wait) {
      wait.age = age;
      long due = Math.max(now + delay, wait.earliest);
      // The latter: an error ended its task, for a timer is not that late.
      if (due < wait.due || wait.due < now - Sweep.AGAIN) {
        wait.due = due;
        schedule(name, wait, due - now);
      }
    }
  }

  private static boolean isOver(Wait wait, long now) {
    synchronized (wait) {
      return wait.due == NEVER && wait.earliest <= now;
    }
  }

  private void schedule(String name, Wait wait, long delay) {
    try {
      var unused =
          parts.threads().timer.schedule(() -> load(name, wait), delay, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) { // the provider is closed, or there is no thread
      wait.due = NEVER;
    }
  }

  private void load(String name, Wait wait) {
    MaxAge age;
    synchronized (wait) {
      long now = parts.time().nanoTime();
      if (wait.due == NEVER) {
        return; // an earlier task has done it
      }
      if (wait.due > now) { // planned again meanwhile, or the timer has another clock
        schedule(name, wait, wait.due - now);
        return;
      }
      wait.due = NEVER;
      wait.earliest = now + APART;
      age = wait.age;
    }
    try {
      cache.revalidate(name, age);
    } catch (SecretException e) {
      // Closed meanwhile; every other failure is in the answer, and the refresher tries again.
    }
  }
}
