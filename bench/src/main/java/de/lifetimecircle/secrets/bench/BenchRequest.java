package de.lifetimecircle.secrets.bench;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parsed command line. Immutable.
 *
 * @param suites the suites to run, in this order
 * @param mode how long to run
 * @param json where to write the figures, or null
 */
record BenchRequest(List<BenchSuite> suites, BenchMode mode, @Nullable Path json) {

  /**
   * Reads {@code SUITE [--quick | --smoke] [--json FILE]}.
   *
   * @throws IllegalArgumentException if an argument is wrong; says why
   */
  static BenchRequest of(List<String> args, List<BenchSuite> known) {
    List<BenchSuite> suites = List.of();
    BenchMode mode = BenchMode.FULL;
    Path json = null;
    for (Iterator<String> rest = args.iterator(); rest.hasNext(); ) {
      String word = rest.next();
      if (word.equals("--quick")) {
        mode = BenchMode.QUICK;
      } else if (word.equals("--smoke")) {
        mode = BenchMode.SMOKE;
      } else if (word.equals("--json")) {
        json = Path.of(following(rest));
      } else if (suites.isEmpty()) {
        suites = named(word, known);
      } else {
        throw new IllegalArgumentException("Unknown argument: " + word);
      }
    }
    if (suites.isEmpty()) {
      throw new IllegalArgumentException("Suite: none (expected: one)");
    }
    return new BenchRequest(suites, mode, json);
  }

  private static String following(Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException("--json: nothing (expected: a file)");
    }
    return rest.next();
  }

  private static List<BenchSuite> named(String name, List<BenchSuite> known) {
    List<BenchSuite> found =
        known.stream().filter(s -> name.equals("all") || name.equals(s.name())).toList();
    if (found.isEmpty()) {
      throw new IllegalArgumentException("Suite: " + name + " (expected: one of those below)");
    }
    return found;
  }
}
