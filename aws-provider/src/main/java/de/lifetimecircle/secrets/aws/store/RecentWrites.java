package de.lifetimecircle.secrets.aws.store;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The versions that this store has made current lately, or has seen to be current after that.
 * Secrets Manager may show a write only a moment later (troubleshooting guide, "eventual
 * consistency", read 2026-11-24).
 *
 * <p>Remembers ids, not values. Safe for use by several threads; the monitor guards the map and
 * nothing else. Waiting ends at the deadline of the call, on an interrupt and on {@link #close}.
 */
final class RecentWrites implements AutoCloseable {
  private static final int MOST = 512;
  private static final Duration LAG = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, Known> known = new LinkedHashMap<>();

  /**
   * The latest version that this store knows to have been current.
   *
   * @param version its id
   * @param before the version that AWS had to find current for it; null if the write had no
   *     condition
   * @param isNew whether it counts as replaced once it has no label; false for a version that may
   *     have had none before it became current
   * @param nanos when it was known
   */
  record Known(String version, @Nullable String before, boolean isNew, long nanos) {
    /** A version that was made for this, or was read as the current one. */
    public static Known made(String version, @Nullable String before) {
      return new Known(version, before, true, System.nanoTime());
    }

    /** A version that was there already, and was made current. */
    public static Known chosen(String version, @Nullable String before) {
      return new Known(version, before, false, System.nanoTime());
    }
  }

  synchronized void remember(String name, Known version) {
    known.remove(name);
    known.put(name, version);
    if (known.size() > MOST) {
      known.remove(known.keySet().iterator().next()); // the oldest
    }
  }

  synchronized void forget(String name) {
    known.remove(name);
  }

  /** Another writer has written since; unless a newer version became known meanwhile. */
  synchronized void replace(String name, Known replaced, String by) {
    known.replace(name, replaced, Known.made(by, null));
  }

  /** The latest version under that name, if it became known a moment ago. */
  synchronized Optional<Known> last(String name) {
    return Optional.ofNullable(known.get(name))
        .filter(version -> System.nanoTime() - version.nanos() < LAG.toNanos());
  }

  /** Whether it is that version, or none became known a moment ago. */
  boolean agrees(String name, String version) {
    return last(name).filter(latest -> !latest.version().equals(version)).isEmpty();
  }

  boolean knows(String name, String version) {
    return last(name).filter(latest -> latest.version().equals(version)).isPresent();
  }

  /** Asks again and again until there is an answer. */
  public <T> T until(Call call, String what, Supplier<Optional<T>> question) {
    return waitFor(call, question)
        .orElseThrow(
            () ->
                StoreFailure.of(
                    Kind.UNAVAILABLE,
                    what,
                    "AWS takes a moment to show a write; try again in a few seconds"));
  }

  /** Asks again and again until there is an answer; empty when the time is up. */
  public <T> Optional<T> waitFor(Call call, Supplier<Optional<T>> question) {
    Optional<T> answer = question.get();
    while (answer.isEmpty() && call.left().compareTo(PAUSE.multipliedBy(2)) > 0) {
      pause();
      answer = question.get();
    }
    return answer;
  }

  private void pause() {
    try {
      if (closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw StoreFailure.closed();
      }
    } catch (InterruptedException e) {
      throw StoreFailure.interrupted();
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
