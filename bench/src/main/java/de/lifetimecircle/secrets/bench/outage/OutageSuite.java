package de.lifetimecircle.secrets.bench.outage;

import de.lifetimecircle.secrets.bench.BenchFigure;
import de.lifetimecircle.secrets.bench.BenchMode;
import de.lifetimecircle.secrets.bench.BenchSuite;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Measures how readers notice a backend in trouble: the shipped AWS store against a server on
 * loopback that really hangs, refuses and lies, in real time. Stateless.
 */
public final class OutageSuite implements BenchSuite {
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private static final int ROWS_AT_ONCE = 2;
  private static final int ROWS_AT_ONCE_IF_QUICK = 4;
  private static final OutageRowRun.Pace PACE = new OutageRowRun.Pace(16, 2500, 10_500);
  private static final OutageRowRun.Pace PACE_IF_QUICK = new OutageRowRun.Pace(40, 2500, 10_500);
  private static final OutageRowRun.Pace WARM_UP = new OutageRowRun.Pace(2, 0, 2500);

  /** Makes the suite. */
  public OutageSuite() {}

  @Override
  public String name() {
    return "outage";
  }

  @Override
  public String goals() {
    return "g";
  }

  /** Rows mostly wait, so several run at once; their readers rest the longer for it. */
  @Override
  public List<BenchFigure> run(BenchMode mode) throws Exception {
    ExecutorService rows =
        Executors.newFixedThreadPool(mode.pick(ROWS_AT_ONCE, ROWS_AT_ONCE_IF_QUICK));
    try {
      // So that the JVM has compiled the way of an answer and that of a failure.
      var unused = new OutageRowRun(OutageRow.DOWN_AT_START, WARM_UP).call();
      OutageRowRun.Pace pace = mode == BenchMode.FULL ? PACE : PACE_IF_QUICK;
      List<Future<RowOutcome>> outcomes = new ArrayList<>();
      for (OutageRow row : OutageRow.values()) {
        outcomes.add(rows.submit(new OutageRowRun(row, pace)));
      }
      OUT.println(RowOutcome.header());
      List<BenchFigure> figures = new ArrayList<>();
      for (Future<RowOutcome> outcome : outcomes) {
        figures.addAll(outcome.get().figures());
        OUT.println(outcome.get().line());
      }
      return figures;
    } finally {
      rows.shutdownNow();
    }
  }
}
