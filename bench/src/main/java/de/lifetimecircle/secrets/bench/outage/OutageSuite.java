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
  private static final OutageRowRun.Pace WARM_UP = new OutageRowRun.Pace(2, 0, 2500, 0);

  /** Makes the suite. */
  public OutageSuite() {}

  @Override
  public String name() {
    return "outage";
  }

  @Override
  public List<String> goals() {
    return List.of("g");
  }

  /** Rows mostly wait, so several run at once; their readers rest the longer for it. */
  @Override
  public List<BenchFigure> run(BenchMode mode) throws Exception {
    ExecutorService rows = Executors.newFixedThreadPool(mode.pick(2, 4, OutageRow.values().length));
    try {
      if (mode != BenchMode.SMOKE) {
        // So that the JVM has compiled the way of an answer and that of a failure.
        var unused = new OutageRowRun(OutageRow.DOWN_AT_START, WARM_UP).call();
      }
      OutageRowRun.Pace pace = pace(mode);
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

  private static OutageRowRun.Pace pace(BenchMode mode) {
    return new OutageRowRun.Pace(
        mode.pick(16, 40, 200),
        mode.pick(2500, 2500, 300),
        mode.pick(10_500, 10_500, 1000),
        mode.pick(1500, 1500, 300));
  }
}
