package de.lifetimecircle.secrets.bench.herd;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Threads that ask for names at one moment, and how long the slowest of them took. Not safe for use
 * by several threads.
 */
final class ThreadHerd {
  private final ThreadFactory threads;
  private final int size;

  /** A herd of one on such a thread. */
  ThreadHerd ofOne() {
    return new ThreadHerd(threads, 1);
  }

  /** How many they are. */
  int size() {
    return size;
  }

  /** The result: the slowest call in nanoseconds, and the number of failed calls. */
  record Run(long slowest, int failed) {}

  ThreadHerd(ThreadFactory threads, int size) {
    this.threads = threads;
    this.size = size;
  }

  /** Lets every thread ask once, for one of the names in turn; blocks until all are done. */
  Run ask(List<String> names, Function<String, ?> question) throws InterruptedException {
    CountDownLatch ready = new CountDownLatch(size);
    CountDownLatch start = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(size);
    AtomicLong slowest = new AtomicLong();
    AtomicInteger failed = new AtomicInteger();
    for (int i = 0; i < size; i++) {
      String name = names.get(i % names.size());
      Thread thread =
          threads.newThread(
              () -> {
                ready.countDown();
                awaitQuietly(start);
                long began = System.nanoTime();
                try {
                  var unused = question.apply(name);
                } catch (RuntimeException e) {
                  failed.incrementAndGet();
                }
                long took = System.nanoTime() - began;
                slowest.accumulateAndGet(took, Math::max);
                done.countDown();
              });
      thread.start();
    }
    ready.await();
    start.countDown();
    done.await();
    return new Run(slowest.get(), failed.get());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
