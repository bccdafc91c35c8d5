package de.lifetimecircle.secrets.bench;

import de.lifetimecircle.secrets.decision.cost.CommandOptions;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
    Given given = CommandOptions.read(new Given(), args);
    BenchMode mode = given.isQuick ? BenchMode.QUICK : BenchMode.FULL;
    return new BenchRequest(
        named(given.suite, known), given.isSmoke ? BenchMode.SMOKE : mode, given.json);
  }

  /** The arguments as they were written. */
  private static final class Given {
    @Parameters(arity = "0..1")
    private String suite = "none";

    @Option(names = "--quick")
    private boolean isQuick;

    @Option(names = "--smoke")
    private boolean isSmoke;

    @Option(names = "--json")
    private @Nullable Path json;
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
