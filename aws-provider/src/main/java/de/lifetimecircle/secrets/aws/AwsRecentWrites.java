package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.SecretException.Kind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The latest writes of this store. Secrets Manager may show a write only a moment later
 * (troubleshooting guide, "eventual consistency", read 2026-11-24).
 *
 * <p>Remembers ids, not values. Safe for use by several threads; the lock guards the map and
 * nothing else. Waiting ends at the deadline of the call, on an interrupt and on {@link #close}.
 */
final class AwsRecentWrites implements AutoCloseable {
  private static final int MOST = 512;
  private static final Duration LAG = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final ReentrantLock lock = new ReentrantLock();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, Write> written =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Write> eldest) {
          return size() > MOST;
        }
      };

  /**
   * A version that this store made current.
   *
   * @param version its id
   * @param before the version that AWS had to find current for it; null if the write had no
   *     condition
   * @param nanos the moment
   */
  record Write(String version, @Nullable String before, long nanos) {}

  void remember(String name, String version, @Nullable String before) {
    lock.lock();
    try {
      written.remove(name);
      written.put(name, new Write(version, before, System.nanoTime()));
    } finally {
      lock.unlock();
    }
  }

  void forget(String name) {
    lock.lock();
    try {
      written.remove(name);
    } finally {
      lock.unlock();
    }
  }

  /** Another writer has written since; every later read is at least as new. */
  void forget(String name, Write replaced) {
    lock.lock();
    try {
      written.remove(name, replaced);
    } finally {
      lock.unlock();
    }
  }

  /** The last write of this store under that name, if that was a moment ago. */
  Optional<Write> last(String name) {
    lock.lock();
    try {
      return Optional.ofNullable(written.get(name))
          .filter(write -> System.nanoTime() - write.nanos() < LAG.toNanos());
    } finally {
      lock.unlock();
    }
  }

  /** Whether it is the version that this store wrote last, or there is none. */
  boolean agrees(String name, String version) {
    return last(name).filter(own -> !own.version().equals(version)).isEmpty();
  }

  boolean wrote(String name, String version) {
    return last(name).filter(own -> own.version().equals(version)).isPresent();
  }

  /** Asks again and again until there is an answer. */
  <T> T until(AwsCall call, String what, Supplier<Optional<T>> question) {
    return waitFor(call, question)
        .orElseThrow(
            () ->
                call.problem(
                    Kind.UNAVAILABLE,
                    what,
                    "AWS takes a moment to show a write; try again in a few seconds"));
  }

  /** Asks again and again until there is an answer; empty when the time is up. */
  <T> Optional<T> waitFor(AwsCall call, Supplier<Optional<T>> question) {
    Optional<T> answer = question.get();
    while (answer.isEmpty() && call.left().compareTo(PAUSE.multipliedBy(2)) > 0) {
      pause(call);
      answer = question.get();
    }
    return answer;
  }

  private void pause(AwsCall call) {
    try {
      if (closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw call.closed();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw call.problem(Kind.INTERRUPTED, "the thread was interrupted", null);
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
