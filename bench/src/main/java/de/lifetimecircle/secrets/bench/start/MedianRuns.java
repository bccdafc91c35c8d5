package de.lifetimecircle.secrets.bench.start;

import de.lifetimecircle.secrets.bench.Alternation;
import de.lifetimecircle.secrets.bench.MeasuredProgram;
import java.util.List;

/**
 * Compares programs by whole runs, one of each in turn.
 *
 * @param rounds how many rounds there are, of which the best counts
 * @param runs how often each program is run in a round; an odd number has a middle one
 */
record MedianRuns(int rounds, int runs) {
  List<Double> of(List<MeasuredProgram> programs, Alternation.Work<MeasuredProgram> measurement)
      throws Exception {
    return new Alternation<>(programs, 1, measurement).run(rounds, runs).medians();
  }
}
