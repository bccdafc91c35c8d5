package de.lifetimecircle.secrets.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Has several threads do the same work at once. Stateless. */
public final class SameWork {
  private SameWork() {}

  /**
   * Returns the result of each thread, and blocks until all have ended.
   *
   * @throws Exception what the work threw in one of them
   */
  public static <T> List<T> by(int count, Callable<T> work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(count);
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> done : threads.invokeAll(Collections.nCopies(count, work))) {
        results.add(done.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      threads.shutdownNow();
    }
  }
}
