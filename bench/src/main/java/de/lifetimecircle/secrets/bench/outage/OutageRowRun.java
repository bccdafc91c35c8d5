package de.lifetimecircle.secrets.bench.outage;

import de.lifetimecircle.secrets.SecretHandle;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.bench.loopback.RealPause;
import de.lifetimecircle.secrets.bench.loopback.StoreCalls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * One row of the matrix: a provider over the shipped AWS store and a backend on loopback, two
 * threads that read ({@code get} of one name, a handle of another), a name that is read seldom, and
 * the trouble. Used once.
 */
final class OutageRowRun implements Callable<RowOutcome> {
  static final Duration SOFT_AGE = Duration.ofSeconds(1);
  static final Duration TIMEOUT = Duration.ofSeconds(2);

  /** The time that waking several threads in turn may take beyond the worst observed for one. */
  static final Duration SCHEDULING = Duration.ofMillis(50);

  private static final Duration MAX_STALE = Duration.ofSeconds(60);
  private static final Duration SHORT_MAX_STALE = Duration.ofSeconds(4);
  private static final int RETURNS = 3;
  private static final long LONGEST_RECOVERY_MILLIS = 25_000;
  private static final long STEP_MILLIS = 20;
  private static final long SELDOM_MILLIS = 3300;
  private static final String GET = "row/GET";
  private static final String HANDLE = "row/HANDLE";
  private static final String SELDOM = "row/SELDOM";

  private final OutageRow row;
  private final Pace pace;
  private final TimerDelay lateness = new TimerDelay();

  /**
   * How long the parts of a row take, in milliseconds.
   *
   * @param rest a reader's between two bursts
   * @param healthy the time before the trouble
   * @param trouble the trouble
   * @param brief each of the troubles that come back
   */
  record Pace(long rest, long healthy, long trouble, long brief) {}

  OutageRowRun(OutageRow row, Pace pace) {
    this.row = row;
    this.pace = pace;
  }

  static Duration maxStale(OutageRow row) {
    return row == OutageRow.PAST_MAX_STALE ? SHORT_MAX_STALE : MAX_STALE;
  }

  @Override
  public RowOutcome call() throws InterruptedException {
    try (OutageBackend backend = new OutageBackend(row)) {
      StoreCalls calls = StoreCalls.open("aws", backend.settings(), TIMEOUT);
      if (row.isAtStart()) {
        backend.begin();
      }
      try (SecretProvider provider = provider(calls)) {
        return lead(backend, calls, provider);
      }
    } finally {
      lateness.close();
    }
  }

  private SecretProvider provider(StoreCalls calls) {
    return SecretProvider.builder()
        .environment(Map.of())
        .store(calls)
        .set("soft-age", SOFT_AGE.toString())
        .set("max-stale", maxStale(row).toString())
        .set("timeout", TIMEOUT.toString())
        .build();
  }

  private RowOutcome lead(OutageBackend backend, StoreCalls calls, SecretProvider provider)
      throws InterruptedException {
    OutageReader.Limits limits = new OutageReader.Limits(maxStale(row).toNanos(), pace.rest());
    SecretHandle handle = provider.handle(HANDLE);
    OutageReader get = new OutageReader(GET, () -> provider.get(GET), backend, limits);
    OutageReader byHandle = new OutageReader(HANDLE, handle::get, backend, limits);
    Seldom seldom =
        new Seldom(new OutageReader(SELDOM, () -> provider.get(SELDOM), backend, limits));
    long opened = System.nanoTime();
    Thread[] threads = {thread("get", get), thread("handle", byHandle)};
    if (!row.isAtStart()) {
      var unused =
          waitUntil(
              () -> get.isSince(opened) && byHandle.isSince(opened), TIMEOUT.toMillis(), seldom);
      pass(pace.healthy(), seldom);
      get.beginToMeasure();
      byHandle.beginToMeasure();
      backend.begin();
    }
    long began = System.nanoTime();
    long recoveredBetween = trouble(backend, seldom, List.of(get, byHandle));
    long ended = System.nanoTime();
    backend.end();
    long recovered = recover(seldom, List.of(get, byHandle), ended);
    pass(SOFT_AGE.toMillis(), seldom);
    for (OutageReader reader : List.of(get, byHandle)) {
      reader.end();
    }
    for (Thread thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(30));
    }
    return new RowOutcome(
        row,
        get,
        byHandle,
        seldom.reader,
        calls.calls().stream().filter(c -> c.began() >= began && c.began() < ended).toList(),
        Math.max(recovered, recoveredBetween),
        lateness.worst());
  }

  private static Thread thread(String role, OutageReader reader) {
    Thread thread = new Thread(reader, "reader-" + role);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** The trouble; returns the longest time to recover within it. */
  private long trouble(OutageBackend backend, Seldom seldom, List<OutageReader> readers)
      throws InterruptedException {
    long longest = 0;
    if (row == OutageRow.FLAPPING) {
      for (long passed = 0; passed < pace.trouble(); passed += 1000) {
        backend.flap(passed / 1000 % 2 == 0);
        pass(1000, seldom);
      }
    } else if (row == OutageRow.COMING_BACK) {
      for (int i = 0; i < RETURNS; i++) {
        backend.begin();
        pass(pace.brief(), seldom);
        backend.end();
        longest = Math.max(longest, recover(seldom, readers, System.nanoTime()));
      }
    } else {
      pass(pace.trouble(), seldom);
    }
    return longest;
  }

  /** Waits until each reader has an answer that was given after that moment; how long it took. */
  private long recover(Seldom seldom, List<OutageReader> readers, long since)
      throws InterruptedException {
    boolean fresh =
        waitUntil(
            () -> readers.stream().allMatch(reader -> reader.isSince(since)),
            LONGEST_RECOVERY_MILLIS,
            seldom);
    return fresh ? System.nanoTime() - since : Long.MAX_VALUE;
  }

  private void pass(long millis, Seldom seldom) throws InterruptedException {
    var unused = waitUntil(() -> false, millis, seldom);
  }

  private static boolean waitUntil(BooleanSupplier done, long millis, Seldom seldom)
      throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() < end) {
      if (done.getAsBoolean()) {
        return true;
      }
      RealPause.millis(STEP_MILLIS);
      seldom.readIfDue();
    }
    return done.getAsBoolean();
  }

  /** Reads a name now and then: only the library keeps it fresh. */
  private static final class Seldom {
    private final OutageReader reader;
    private long due;

    Seldom(OutageReader reader) {
      this.reader = reader;
    }

    void readIfDue() {
      long now = System.nanoTime();
      if (now >= due) {
        due = now + TimeUnit.MILLISECONDS.toNanos(SELDOM_MILLIS);
        reader.readOnce();
      }
    }
  }
}
