package de.lifetimecircle.secrets.bench.start;

import java.util.ArrayList;
import java.util.List;

/**
 * Compares programs by whole runs, one of each in turn, so that a disturbance of the machine
 * affects all of them.
 *
 * @param rounds how many rounds there are, of which the best counts
 * @param runs how often each program is run in a round
 */
record MedianRuns(int rounds, int runs) {

  /** Runs a program once and returns the number that is of interest. */
  interface Measurement {
    double of(MeasuredProgram program) throws Exception;
  }

  /**
   * The median of each program, from the round in which the last program was nearest to the first:
   * the one that was disturbed least.
   */
  List<Double> of(List<MeasuredProgram> programs, Measurement measurement) throws Exception {
    List<Double> best = List.of();
    for (int round = 0; round < rounds; round++) {
      List<Double> medians = round(programs, measurement);
      if (best.isEmpty() || spread(medians) < spread(best)) {
        best = medians;
      }
    }
    return best;
  }

  private List<Double> round(List<MeasuredProgram> programs, Measurement measurement)
      throws Exception {
    List<List<Double>> numbers = new ArrayList<>();
    programs.forEach(program -> numbers.add(new ArrayList<>()));
    for (int run = 0; run < runs; run++) {
      for (int i = 0; i < programs.size(); i++) {
        numbers.get(i).add(measurement.of(programs.get(i)));
      }
    }
    return numbers.stream().map(MedianRuns::median).toList();
  }

  /** How far the last one is from the first; of one program its own number. */
  private static double spread(List<Double> medians) {
    double last = medians.get(medians.size() - 1);
    return medians.size() == 1 ? last : last - medians.get(0);
  }

  /** The middle one of an odd number of figures, the upper of the two in the middle else. */
  static double median(List<Double> numbers) {
    List<Double> sorted = numbers.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
