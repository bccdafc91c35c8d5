package de.lifetimecircle.secrets.bench;

import de.lifetimecircle.secrets.bench.Contest.Cost;
import de.lifetimecircle.secrets.bench.Contest.Read;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * What a cached read costs, in time and garbage, beside everything else a service might read a
 * secret from: goals a (a read by name), b (by handle) and h (two threads).
 *
 * <p>JMH forks a JVM for each measurement. In one JVM for all, the compiler would see the keys,
 * maps and interfaces of every contender, and whoever comes later would pay for those before.
 */
final class HotSuite implements Suite {
  private static final int ROUNDS = 3;
  private static final int TYPICAL = 64;

  private static final Bound BESIDE_A_MAP = Bound.atMost(1.25);

  /**
   * JMH itself leaves some kilobytes in an iteration of some million reads. The smallest object has
   * 16 bytes: one in 300 reads would show.
   */
  private static final Bound NO_GARBAGE = Bound.atMost(0.05);

  /** Short, so that on a machine that others use as well some are left alone. */
  private static final TimeValue ITERATION = TimeValue.milliseconds(25);

  private static final String[] FEW = {"1", "64"};
  private static final String[] MANY = {"10000"};
  private static final String[] SOME = {"64"};

  @Override
  public String name() {
    return "hot";
  }

  @Override
  public String goals() {
    return "abh";
  }

  @Override
  public List<Figure> run(Mode mode) throws RunnerException, IOException {
    Contest contest = new Contest();
    String rivals = "(caffeine.*|aws|environment)";
    for (int round = 0; round < ROUNDS; round++) {
      measure(contest, mode, 1, "(get|map)", FEW);
      measure(contest, mode, 1, "(get|map)", MANY);
      measure(contest, mode, 1, "(handle|field)", SOME);
      measure(contest, mode, 2, "(get|map)", SOME);
      measure(contest, mode, 1, rivals, SOME);
      if (mode == Mode.FULL) {
        measure(contest, mode, 1, "(caffeine.*|aws)", "1");
        measure(contest, mode, 1, "(caffeine.*|aws)", MANY);
        measure(contest, mode, 2, "(caffeine.*|aws|environment|handle|field)", SOME);
      }
    }
    return figures(contest);
  }

  private static void measure(
      Contest contest, Mode mode, int threads, String methods, String... names)
      throws RunnerException, IOException {
    Path log = Files.createDirectories(Path.of("bench", "target", "results")).resolve("hot.log");
    // Filling 10,000 names leaves the compiler work for a second or two.
    int warmups = mode.pick(40, 30) * (names[0].length() > 2 ? 2 : 1);
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("\\.CachedRead\\." + methods + "$")
            .param("names", names)
            .forks(1)
            .threads(threads)
            .warmupIterations(warmups)
            .warmupTime(ITERATION)
            .measurementIterations(mode.pick(40, 20))
            .measurementTime(ITERATION)
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .output(log.toString());
    contest.add(new Runner(options.build()).run());
  }

  /** What the goals say about it. */
  static List<Figure> figures(Contest contest) {
    List<Figure> figures = new ArrayList<>();
    for (Read read : contest.reads("get", 1)) {
      Cost get = contest.of("get", read.names(), 1);
      double map = contest.of("map", read.names(), 1).nanos();
      String names = String.format(Locale.ROOT, ", %,d names", read.names());
      figures.add(Figure.information("a", "ConcurrentHashMap.get" + names, map, "ns"));
      figures.add(
          Figure.compared("a", "get" + names, get.nanos(), "ns", get.nanos() / map, BESIDE_A_MAP));
      figures.add(Figure.checked("a", "get" + names, get.bytes(), "B/op", NO_GARBAGE));
    }
    rival(figures, contest, "aws", "AWS caching client 2.2.0", Bound.atLeast(20));
    rival(figures, contest, "caffeineExpiring", "Caffeine, expiring", Bound.atLeast(3.5));
    rival(figures, contest, "caffeineRefreshing", "Caffeine, refreshing", Bound.atLeast(3.5));
    rival(figures, contest, "environment", "System.getenv", Bound.atLeast(2.5));
    handle(figures, contest);
    scaling(figures, contest);
    return figures;
  }

  /** A contender beside our {@code get}; the bound is for the typical number of names. */
  private static void rival(
      List<Figure> figures, Contest contest, String contender, String what, Bound bound) {
    for (Read read : contest.reads(contender, 1)) {
      // The environment has as many names as it has.
      boolean isFixed = contest.reads(contender, 1).size() == 1;
      int names = isFixed ? TYPICAL : read.names();
      Cost cost = contest.of(contender, read.names(), 1);
      double ratio = cost.nanos() / contest.of("get", names, 1).nanos();
      String text = String.format(Locale.ROOT, "%s, %,d names", what, names);
      Bound applied = names == TYPICAL ? bound : null;
      String note = String.format(Locale.ROOT, "x get; %s B/op", Figure.number(cost.bytes()));
      figures.add(new Figure("a", text, cost.nanos(), "ns", ratio, applied, note));
    }
  }

  private static void handle(List<Figure> figures, Contest contest) {
    Cost handle = contest.of("handle", 1, 1);
    double field = contest.of("field", 1, 1).nanos();
    figures.add(Figure.information("b", "a volatile field", field, "ns"));
    figures.add(
        Figure.compared(
            "b", "handle.get", handle.nanos(), "ns", handle.nanos() / field, Bound.atMost(3)));
    figures.add(Figure.checked("b", "handle.get", handle.bytes(), "B/op", NO_GARBAGE));
  }

  private static void scaling(List<Figure> figures, Contest contest) {
    for (String contender :
        List.of("get", "map", "handle", "field", "aws", "caffeineExpiring", "environment")) {
      for (Read read : contest.reads(contender, 2)) {
        double both = contest.of(contender, read.names(), 2).nanos();
        String what = contender + " by 2 threads, as often as by one";
        double ratio = timesAsMany(contest, read);
        figures.add(
            contender.equals("get")
                ? Figure.compared("h", what, both, "ns", ratio, Bound.atLeast(1.9))
                    .noted(whatTheMachineGives(contest))
                : new Figure("h", what, both, "ns", ratio, null, ""));
      }
    }
  }

  private static double timesAsMany(Contest contest, Read read) {
    double alone = contest.of(read.contender(), read.names(), 1).nanos();
    return read.threads()
        * alone
        / contest.of(read.contender(), read.names(), read.threads()).nanos();
  }

  /** A second core that somebody else uses is not there for the map either. */
  private static String whatTheMachineGives(Contest contest) {
    double map = timesAsMany(contest, new Read("map", TYPICAL, 2));
    return String.format(Locale.ROOT, "a bare map on this machine: %s", Figure.number(map));
  }
}
