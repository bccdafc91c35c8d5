package de.lifetimecircle.secrets.stress;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Records histories of the cache and checks that each is linearizable: that every answer is one
 * that {@link Register} could have given at some moment between question and answer.
 *
 * <p>Arguments: {@code --seconds N} for new histories until then, {@code --seed N} for one that
 * found something, 200 times. Ends with 1 if any history was refused.
 */
public final class Histories {
  private static final int REPEATS = 200;

  /** On a busy machine the time may pass before this many; then the run takes longer. */
  private static final int LEAST = 15;

  private long histories;
  private long operations;
  private long refused;

  private Histories() {}

  /** Runs. */
  public static void main(String[] arguments) throws InterruptedException {
    Arguments given = Arguments.of(arguments, "--seconds", "--seed");
    Histories run = new Histories();
    ExecutorService threads = Executors.newFixedThreadPool(HistoryRun.THREADS);
    long seed = given.number("--seed", System.nanoTime() & 0xFFFFFFFFL);
    long first = seed;
    if (given.has("--seed")) {
      for (int i = 0; i < REPEATS && run.refused == 0; i++) {
        run.once(seed, threads);
      }
    } else {
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(given.number("--seconds", 10));
      while ((System.nanoTime() < until || run.histories < LEAST) && run.refused < 3) {
        run.once(seed++, threads);
      }
    }
    threads.shutdown();
    System.out.printf(
        Locale.ROOT,
        "stress: histories: %d histories, %d operations, %d not linearizable (first seed %d)%n",
        run.histories,
        run.operations,
        run.refused,
        first);
    System.exit(run.refused == 0 ? 0 : 1);
  }

  private void once(long seed, ExecutorService threads) throws InterruptedException {
    HistoryRun run = new HistoryRun(seed);
    List<String> objections = run.objections(threads);
    histories++;
    operations += run.operations();
    if (!objections.isEmpty()) {
      refused++;
      System.out.println("seed " + seed + ", again by: tests/engine/run histories --seed " + seed);
      objections.stream().limit(5).forEach(objection -> System.out.println("  " + objection));
    }
  }
}
