package de.lifetimecircle.secrets.aws;

import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/**
 * Work that no interrupt ends, each on a thread of its own: who waits for it can leave. The thread
 * continues alone, and a caller that asks for the same meanwhile waits for it too.
 *
 * <p>Safe for use by several threads.
 */
final class AwsUninterruptibleCalls<T> {
  private final String role;
  private final ConcurrentMap<String, FutureTask<T>> underWay = new ConcurrentHashMap<>();

  /** Work of a kind; its word is in the names of the threads. */
  AwsUninterruptibleCalls(String role) {
    this.role = role;
  }

  /**
   * The answer to a question, of which one at a time is asked. Blocks until there is an answer or
   * the thread is interrupted.
   */
  T ask(String question, Callable<T> work) throws InterruptedException, ExecutionException {
    return begin(question, work).get();
  }

  /** Asks a question, unless it is being asked already. Does not wait for the answer. */
  Future<T> begin(String question, Callable<T> work) {
    FutureTask<T> mine =
        new FutureTask<>(
            () -> {
              try {
                return work.call();
              } finally {
                // Before anybody has the answer: who asks once more then is to get a new one.
                underWay.remove(question);
              }
            });
    FutureTask<T> first = underWay.putIfAbsent(question, mine);
    if (first != null) {
      return first;
    }
    Thread thread = new Thread(mine, "secrets-aws-" + role);
    thread.setDaemon(true);
    boolean begun = false;
    try {
      thread.start();
      begun = true;
    } finally {
      if (!begun) {
        // A process that may have no more threads: nobody else is to wait for this one.
        underWay.remove(question);
      }
    }
    return mine;
  }
}
