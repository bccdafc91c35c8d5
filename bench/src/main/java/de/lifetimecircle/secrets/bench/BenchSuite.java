package de.lifetimecircle.secrets.bench;

import java.util.List;

/** Measurements that belong together and are taken in one run. */
public interface BenchSuite {
  /** The word that selects it on the command line. */
  String name();

  /**
   * Returns the goals it decides: {@code a}, {@code e2}. One of them without a figure that has a
   * bound counts as not held, so that a measurement that was left out by mistake is seen.
   */
  List<String> goals();

  /**
   * Measures. Blocks for minutes; nothing else may be measured meanwhile.
   *
   * @throws Exception whatever went wrong; all goals of the suite then count as not held
   */
  List<BenchFigure> run(BenchMode mode) throws Exception;
}
