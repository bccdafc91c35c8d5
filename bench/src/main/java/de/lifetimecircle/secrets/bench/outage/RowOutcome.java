package de.lifetimecircle.secrets.bench.outage;

import de.lifetimecircle.secrets.bench.BenchFigure;
import de.lifetimecircle.secrets.bench.Limit;
import de.lifetimecircle.secrets.bench.loopback.StoreCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/**
 * The outcome of one row, as figures of goal g. Immutable once its readers have ended.
 *
 * @param row the state of the backend
 * @param get the thread that used {@code get}
 * @param handle the thread that used a handle
 * @param seldom the reads of a name that is read too rarely to stay warm
 * @param calls the calls of the store while the trouble lasted
 * @param recovered the time after the trouble until all readers had a new answer, in nanoseconds;
 *     the greatest number if they never had
 * @param lateness how late the machine woke a thread at worst
 */
record RowOutcome(
    OutageRow row,
    OutageReader get,
    OutageReader handle,
    OutageReader seldom,
    List<StoreCalls.Call> calls,
    long recovered,
    long lateness) {
  private static final String GOAL = "g";

  /** A read that takes longer met something: a lock, a load, or the machine. */
  private static final long SLOW_NANOS = 1000;

  private static final Limit SLOW_LIMIT = Limit.atMost(3);
  private static final int MOST_CALLS = 4;
  private static final long WINDOW = Duration.ofSeconds(10).toNanos();

  /** A read that exceeds the deadline by more than this plus the machine's own delay hangs. */
  private static final Duration HANG = Duration.ofMillis(200);

  private static final double NANOS = 1e9;

  /** One figure for each column of the matrix. */
  List<BenchFigure> figures() {
    List<BenchFigure> figures = new ArrayList<>();
    figures.add(zero("reads that waited while a value was held", sum(OutageReader::waits)));
    figures.add(zero("errors while a value was held", sum(OutageReader::errorsWhileHeld)));
    figures.add(zero("wrong values", sum(OutageReader::wrong)));
    figures.add(zero("versions that went backwards", sum(OutageReader::backwards)));
    figures.add(longestRead());
    figures.add(oldest());
    figures.add(callsOfOneName());
    figures.add(recovery());
    if (row.isHeldThroughout()) {
      figures.add(slowReads("get", get));
      figures.add(slowReads("handle", handle));
    }
    return figures;
  }

  /** The names of the columns of {@link #line}. */
  static String header() {
    return String.format(
        Locale.ROOT,
        "%-28s %7s %7s %7s %9s %9s %9s %8s %7s",
        "backend",
        "waited",
        "errors",
        "wrong",
        "backwards",
        "longest s",
        "recover s",
        "oldest s",
        "calls");
  }

  /** The row of the matrix. */
  String line() {
    return String.format(
        Locale.ROOT,
        "%-28s %7d %7d %7d %9d %9.3f %9.2f %8.2f %7d",
        row.words(),
        sum(OutageReader::waits),
        sum(OutageReader::errorsWhileHeld),
        sum(OutageReader::wrong),
        sum(OutageReader::backwards),
        Math.max(get.longest(), handle.longest()) / NANOS,
        recovered / NANOS,
        greatestAge() / NANOS,
        mostCalls());
  }

  private long sum(ToLongFunction<OutageReader> figure) {
    return List.of(get, handle, seldom).stream().mapToLong(figure).sum();
  }

  private String what(String column) {
    return row.words() + ": " + column;
  }

  private BenchFigure zero(String column, long count) {
    return BenchFigure.checked(GOAL, what(column), (double) count, "", Limit.exactly(0));
  }

  /**
   * A read that waits at all, because nothing is held, waits no longer than the deadline: six times
   * as long until the backend has answered its first call (docs/cache.md).
   */
  private BenchFigure longestRead() {
    int timeouts = row.isAtStart() ? 6 : 1;
    long longest = Math.max(get.longest(), Math.max(handle.longest(), seldom.longest()));
    double bound = timeouts * OutageRowRun.TIMEOUT.toNanos() + lateness + HANG.toNanos();
    return BenchFigure.checked(
        GOAL, what("longest read"), longest / NANOS, "s", Limit.atMost(bound / NANOS));
  }

  /**
   * While all is well no age passes the soft one by more than a call; max-stale is never passed.
   */
  private BenchFigure oldest() {
    double oldest = greatestAge() / NANOS;
    long late = lateness + OutageRowRun.SCHEDULING.toNanos();
    long call = calls.stream().mapToLong(c -> c.ended() - c.began()).max().orElse(0);
    boolean healthy = row.isHealthy();
    long age =
        healthy ? OutageRowRun.SOFT_AGE.toNanos() + call : OutageRowRun.maxStale(row).toNanos();
    return BenchFigure.checked(
            GOAL, what("oldest value served"), oldest, "s", Limit.atMost((age + late) / NANOS))
        .noted(
            String.format(
                Locale.ROOT,
                "%s, and %.0f ms for the machine",
                healthy ? "soft age and a call" : "max-stale",
                late / 1e6));
  }

  private long greatestAge() {
    return Math.max(get.oldest(), Math.max(handle.oldest(), seldom.oldest()));
  }

  /** The most calls of one name that began within ten seconds of the trouble. */
  private int mostCalls() {
    int most = 0;
    for (StoreCalls.Call first : calls) {
      long within =
          calls.stream()
              .filter(c -> c.name().equals(first.name()))
              .filter(c -> c.began() >= first.began() && c.began() - first.began() < WINDOW)
              .count();
      most = Math.max(most, (int) within);
    }
    return most;
  }

  private BenchFigure callsOfOneName() {
    int most = mostCalls();
    String column = what("calls of one name in 10 s");
    return row.isOutage()
        ? BenchFigure.checked(GOAL, column, most, "calls", Limit.atMost(MOST_CALLS))
        : BenchFigure.information(GOAL, column, most, "calls");
  }

  private BenchFigure recovery() {
    String column = what("time to recover");
    return recovered == Long.MAX_VALUE
        ? BenchFigure.missing(GOAL, column, "no new answer was served")
        : BenchFigure.information(GOAL, column, recovered / NANOS, "s");
  }

  /**
   * How often a read is slow, beside a plain field read in the same bursts, which only the machine
   * delays. A count of events has the noise of its square root, which the note gives. A quantile
   * such as p99.9 does not show its noise: a few slow reads more or less multiply it.
   */
  private BenchFigure slowReads(String way, OutageReader reader) {
    long mine = slow(reader.reads());
    long field = slow(reader.fieldReads());
    double perMillion = 1e6 / reader.reads().getTotalCount();
    double fieldPerMillion = 1e6 / reader.fieldReads().getTotalCount();
    return BenchFigure.compared(
            GOAL,
            what("reads by " + way + " over 1 us"),
            mine * perMillion,
            "of 1e6",
            Math.max(1, field) * fieldPerMillion,
            SLOW_LIMIT)
        .noted(
            String.format(
                Locale.ROOT,
                "%d reads beside %d of a field; the noise of the ratio is %.0f %%",
                mine,
                field,
                100 * Math.sqrt(1.0 / Math.max(1, mine) + 1.0 / Math.max(1, field))));
  }

  private static long slow(Histogram reads) {
    return reads.getCountBetweenValues(SLOW_NANOS + 1, reads.getHighestTrackableValue());
  }
}
