package de.lifetimecircle.secrets.bench.outage;

import de.lifetimecircle.secrets.bench.Bound;
import de.lifetimecircle.secrets.bench.Figure;
import de.lifetimecircle.secrets.bench.loopback.StoreCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/**
 * What one row brought, as figures of goal g. Immutable once its readers have ended.
 *
 * @param row the state of the backend
 * @param get the thread that used {@code get}
 * @param handle the thread that used a handle
 * @param seldom the reads of a name that nobody keeps warm
 * @param calls the calls of the store while the trouble lasted
 * @param recovered how long after the trouble all readers had a new answer, in nanoseconds; the
 *     greatest number if they never had
 * @param lateness how late the machine woke a thread at worst
 */
record Outcome(
    Row row,
    Reader get,
    Reader handle,
    Reader seldom,
    List<StoreCalls.Call> calls,
    long recovered,
    long lateness) {
  private static final String GOAL = "g";
  private static final double P999 = 99.9;
  private static final double TAIL_BOUND = 3;
  private static final int MOST_CALLS = 4;
  private static final long WINDOW = Duration.ofSeconds(10).toNanos();

  /** What passes the deadline by more than this, and by what the machine is late, hangs. */
  private static final Duration HANG = Duration.ofMillis(200);

  private static final double NANOS = 1e9;

  /** One figure for each column of the matrix. */
  List<Figure> figures() {
    List<Figure> figures = new ArrayList<>();
    figures.add(zero("reads that waited while a value was held", sum(Reader::waits)));
    figures.add(zero("errors while a value was held", sum(Reader::errorsWhileHeld)));
    figures.add(zero("wrong values", sum(Reader::wrong)));
    figures.add(zero("versions that went backwards", sum(Reader::backwards)));
    figures.add(longestRead());
    figures.add(oldest());
    figures.add(callsOfOneName());
    figures.add(recovery());
    if (row.isHeldThroughout()) {
      figures.add(tail("get", get));
      figures.add(tail("handle", handle));
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
        sum(Reader::waits),
        sum(Reader::errorsWhileHeld),
        sum(Reader::wrong),
        sum(Reader::backwards),
        Math.max(get.longest(), handle.longest()) / NANOS,
        recovered / NANOS,
        greatestAge() / NANOS,
        mostCalls());
  }

  private long sum(ToLongFunction<Reader> figure) {
    return List.of(get, handle, seldom).stream().mapToLong(figure).sum();
  }

  private String what(String column) {
    return row.words() + ": " + column;
  }

  private Figure zero(String column, long count) {
    return Figure.checked(GOAL, what(column), (double) count, "", Bound.exactly(0));
  }

  /** A read that waits at all, because nothing is held, waits no longer than the deadline. */
  private Figure longestRead() {
    long longest = Math.max(get.longest(), Math.max(handle.longest(), seldom.longest()));
    double bound = RowRun.TIMEOUT.toNanos() + lateness + HANG.toNanos();
    return Figure.checked(
        GOAL, what("longest read"), longest / NANOS, "s", Bound.atMost(bound / NANOS));
  }

  /**
   * While all is well no age passes the soft one by more than a call; max-stale is never passed.
   */
  private Figure oldest() {
    double oldest = greatestAge() / NANOS;
    long late = lateness + RowRun.SCHEDULING.toNanos();
    long call = calls.stream().mapToLong(c -> c.ended() - c.began()).max().orElse(0);
    boolean healthy = row.isHealthy();
    long age = healthy ? RowRun.SOFT_AGE.toNanos() + call : RowRun.maxStale(row).toNanos();
    return Figure.checked(
            GOAL, what("oldest value served"), oldest, "s", Bound.atMost((age + late) / NANOS))
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

  private Figure callsOfOneName() {
    int most = mostCalls();
    String column = what("calls of one name in 10 s");
    return row.isOutage()
        ? Figure.checked(GOAL, column, most, "calls", Bound.atMost(MOST_CALLS))
        : Figure.information(GOAL, column, most, "calls");
  }

  private Figure recovery() {
    String column = what("time to recover");
    return recovered == Long.MAX_VALUE
        ? Figure.missing(GOAL, column, "no new answer was served")
        : Figure.information(GOAL, column, recovered / NANOS, "s");
  }

  private Figure tail(String way, Reader reader) {
    Histogram reads = reader.reads();
    double tail = reads.getValueAtPercentile(P999);
    double field = reader.fieldReads().getValueAtPercentile(P999);
    return Figure.compared(
            GOAL, what("p99.9 of " + way + ""), tail, "ns", tail / field, Bound.atMost(TAIL_BOUND))
        .noted(
            String.format(
                Locale.ROOT,
                "of %.1f million, with the clock's time",
                reads.getTotalCount() / 1e6));
  }
}
