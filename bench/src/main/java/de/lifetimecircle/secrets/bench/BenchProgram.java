package de.lifetimecircle.secrets.bench;

import de.lifetimecircle.secrets.bench.cold.ColdSuite;
import de.lifetimecircle.secrets.bench.gpg.GpgSuite;
import de.lifetimecircle.secrets.bench.herd.HerdSuite;
import de.lifetimecircle.secrets.bench.outage.OutageSuite;
import de.lifetimecircle.secrets.bench.start.CallSuite;
import de.lifetimecircle.secrets.bench.start.StartSuite;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Runs one suite, or all, and says which goals hold. Ends with 0 when every goal that it measured
 * holds, 1 when one does not, 2 when it was asked wrongly.
 */
public final class BenchProgram {
  /** Every suite, in the order in which {@code all} runs them. A new one is added here. */
  private static final List<BenchSuite> SUITES =
      List.of(
          new HotSuite(),
          new HeapSuite(),
          new ColdSuite(),
          new HerdSuite(),
          new OutageSuite(),
          new StartSuite(),
          new CallSuite(),
          new GpgSuite());

  /** The fact that says how long the run measured. */
  static final String MODE = "mode";

  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private static final PrintStream ERR = new PrintStream(System.err, true, StandardCharsets.UTF_8);

  private BenchProgram() {}

  /** Returns every suite. */
  static List<BenchSuite> suites() {
    return SUITES;
  }

  /**
   * Runs the suites that the arguments name.
   *
   * @param args {@code SUITE [--quick | --smoke] [--json FILE]}
   * @throws IOException when the JSON cannot be written
   */
  public static void main(String[] args) throws IOException {
    System.exit(run(List.of(args)));
  }

  private static int run(List<String> args) throws IOException {
    BenchRequest request;
    try {
      request = BenchRequest.of(args, SUITES);
    } catch (IllegalArgumentException e) {
      ERR.println(e.getMessage());
      ERR.println(usage());
      return 2;
    }
    List<BenchFigure> figures = new ArrayList<>();
    for (BenchSuite suite : request.suites()) {
      ERR.println("Measuring " + suite.name() + " ...");
      figures.addAll(measured(suite, request.mode()));
    }
    Map<String, String> facts = new LinkedHashMap<>(MachineFacts.facts(InstantSource.system()));
    facts.put(MODE, request.mode().word());
    BenchReport report = new BenchReport(facts, figures);
    OUT.print(report.table());
    if (request.json() != null) {
      write(request.json(), report.json());
    }
    return report.holds() ? 0 : 1;
  }

  /**
   * Returns the suite's figures, with a failed figure for each goal that the suite did not decide.
   */
  static List<BenchFigure> measured(BenchSuite suite, BenchMode mode) {
    List<BenchFigure> figures = new ArrayList<>();
    String reason = "the suite gave no figure with a bound for it";
    try {
      figures.addAll(suite.run(mode));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reason = "interrupted";
    } catch (Exception e) {
      e.printStackTrace(ERR);
      reason = "the suite failed: " + e;
    }
    for (String goal : suite.goals()) {
      if (figures.stream().noneMatch(f -> f.goal().equals(goal) && f.decides())) {
        figures.add(BenchFigure.missing(goal, "suite " + suite.name(), reason));
      }
    }
    return figures;
  }

  private static void write(Path file, String json) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.writeString(file, json);
    ERR.println("The same as JSON: " + file);
  }

  private static String usage() {
    String names = SUITES.stream().map(BenchSuite::name).collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT, "Usage: bench/run SUITE [--quick] [--json FILE]; SUITE: %s, all", names);
  }
}
