package de.lifetimecircle.secrets.bench;

import de.lifetimecircle.secrets.bench.BestOfRounds.Cost;
import de.lifetimecircle.secrets.bench.BestOfRounds.Read;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Measures the time and garbage of a cached read, beside everything else that a service might read
 * a secret from: goals a (a read by name), b (by handle), h (two threads) and k (the value as
 * text). Contenders that know only texts are compared with a read of ours that also ends in a text.
 *
 * <p>JMH forks a JVM for each measurement. In one JVM for all, the compiler would see the keys,
 * maps and interfaces of every contender, and later contenders would pay for earlier ones.
 */
final class HotSuite implements BenchSuite {
  private static final int TYPICAL = 64;

  private static final Limit BESIDE_A_MAP = Limit.atMost(1.2);

  /** Where the entry of nearly every read is in no cache of the processor, or the cache is full. */
  private static final Limit BESIDE_A_LARGE_MAP = Limit.atMost(2);

  private static final Limit AHEAD = Limit.atLeast(1);

  private static final int LARGE = 10_000;

  /**
   * JMH itself leaves some kilobytes in an iteration of some million reads. The smallest object has
   * 16 bytes: one in 300 reads would show.
   */
  private static final Limit NO_GARBAGE = Limit.atMost(0.05);

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
  public List<String> goals() {
    return List.of("a", "b", "h", "k");
  }

  @Override
  public List<BenchFigure> run(BenchMode mode) throws RunnerException, IOException {
    BestOfRounds contest = new BestOfRounds();
    String rivals = "(caffeine.*|aws|environment)";
    for (int round = 0; round < mode.pick(3, 3, 1); round++) {
      measure(contest, mode, 1, "(get|getText|map)", FEW);
      measure(contest, mode, 1, "(get|map|getFull|caffeineExpiring)", MANY);
      measure(contest, mode, 1, "(handle|handleText|field|getFull)", SOME);
      measure(contest, mode, 2, "(get|map)", SOME);
      measure(contest, mode, 1, rivals, SOME);
      if (mode != BenchMode.QUICK) {
        measure(contest, mode, 1, "(caffeine.*|aws)", "1");
        measure(contest, mode, 1, "(caffeineRefreshing|aws|getText)", MANY);
        measure(contest, mode, 2, "(caffeine.*|aws|environment|handle|field)", SOME);
      }
    }
    return figures(contest);
  }

  private static void measure(
      BestOfRounds contest, BenchMode mode, int threads, String methods, String... names)
      throws RunnerException, IOException {
    Path log = Files.createDirectories(Path.of("bench", "target", "results")).resolve("hot.log");
    // Filling 10,000 names leaves the compiler work for a second or two.
    int warmups = mode.pick(40, 30, 1) * (names[0].length() > 2 ? 2 : 1);
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(Pattern.quote(CachedRead.class.getName()) + "\\." + methods + "$")
            .param("names", names)
            .forks(mode == BenchMode.SMOKE && threads == 1 ? 0 : 1) // some fork in a smoke run, too
            .threads(threads)
            .warmupIterations(warmups)
            .warmupTime(ITERATION)
            .measurementIterations(mode.pick(40, 20, 2))
            .measurementTime(ITERATION)
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .output(log.toString());
    contest.add(new Runner(options.build()).run());
  }

  /** Returns the figures that the goals require. */
  static List<BenchFigure> figures(BestOfRounds contest) {
    List<BenchFigure> figures = new ArrayList<>();
    for (Read read : contest.reads("get", 1)) {
      Cost get = contest.of("get", read.names(), 1);
      double map = contest.of("map", read.names(), 1).nanos();
      String names = String.format(Locale.ROOT, ", %,d names", read.names());
      figures.add(BenchFigure.information("a", "ConcurrentHashMap.get" + names, map, "ns"));
      figures.add(
          BenchFigure.compared("a", "get" + names, get.nanos(), "ns", map, besideAMap(read)));
      figures.add(BenchFigure.checked("a", "get" + names, get.bytes(), "B/op", NO_GARBAGE));
    }
    full(figures, contest);
    Rival secrets = new Rival("a", "get");
    secrets.add(figures, contest, "caffeineExpiring", "Caffeine, expiring", Limit.atLeast(3.5));
    secrets.add(figures, contest, "caffeineRefreshing", "Caffeine, refreshing", Limit.atLeast(3.5));
    handle(figures, contest);
    text(figures, contest);
    Rival texts = new Rival("k", "getText");
    texts.add(figures, contest, "aws", "AWS caching client 2.2.0", Limit.atLeast(12));
    texts.add(figures, contest, "environment", "System.getenv", Limit.atLeast(2.3));
    scaling(figures, contest);
    return figures;
  }

  private static Limit besideAMap(Read read) {
    return read.names() < LARGE ? BESIDE_A_MAP : BESIDE_A_LARGE_MAP;
  }

  private static void full(List<BenchFigure> figures, BestOfRounds contest) {
    for (Read read : contest.reads("getFull", 1)) {
      Cost full = contest.of("getFull", read.names(), 1);
      double map = contest.of("map", read.names(), 1).nanos();
      String what = String.format(Locale.ROOT, "get in a full cache, %,d names", read.names());
      figures.add(BenchFigure.compared("a", what, full.nanos(), "ns", map, BESIDE_A_LARGE_MAP));
      figures.add(BenchFigure.checked("a", what, full.bytes(), "B/op", NO_GARBAGE));
    }
  }

  /** The value as text: by name beside a map's get, by handle in nanoseconds. */
  private static void text(List<BenchFigure> figures, BestOfRounds contest) {
    for (Read read : contest.reads("getText", 1)) {
      Cost text = contest.of("getText", read.names(), 1);
      double map = contest.of("map", read.names(), 1).nanos();
      String what = String.format(Locale.ROOT, "get.asString, %,d names", read.names());
      BenchFigure figure =
          read.names() < LARGE
              ? BenchFigure.compared("k", what, text.nanos(), "ns", map, Limit.atMost(1.5))
              : BenchFigure.information("k", what, text.nanos(), "ns").besides(map);
      figures.add(figure.noted("x a map's get"));
      figures.add(BenchFigure.checked("k", what, text.bytes(), "B/op", NO_GARBAGE));
    }
    Cost handle = contest.of("handleText", 1, 1);
    figures.add(
        BenchFigure.checked("k", "handle.get.asString", handle.nanos(), "ns", Limit.atMost(5)));
    figures.add(
        BenchFigure.checked("k", "handle.get.asString", handle.bytes(), "B/op", NO_GARBAGE));
  }

  /**
   * A contender beside the read of ours that does the same work.
   *
   * @param goal whose rows these are
   * @param ours the read of ours
   */
  private record Rival(String goal, String ours) {
    /** The bound is for the typical number of names, and for many: to be ahead. */
    void add(
        List<BenchFigure> figures,
        BestOfRounds contest,
        String contender,
        String what,
        Limit limit) {
      for (Read read : contest.reads(contender, 1)) {
        // The environment has as many names as it has.
        boolean isFixed = contender.equals("environment");
        int names = isFixed ? TYPICAL : read.names();
        Cost cost = contest.of(contender, read.names(), 1);
        double other = contest.of(ours, names, 1).nanos();
        String text = String.format(Locale.ROOT, "%s, %,d names", what, names);
        BenchFigure figure =
            names == TYPICAL || names == LARGE
                ? BenchFigure.compared(
                    goal, text, cost.nanos(), "ns", other, names == LARGE ? AHEAD : limit)
                : BenchFigure.information(goal, text, cost.nanos(), "ns").besides(other);
        String garbage = BenchFigure.number(cost.bytes());
        figures.add(figure.noted(String.format(Locale.ROOT, "x %s; %s B/op", ours, garbage)));
      }
    }
  }

  private static void handle(List<BenchFigure> figures, BestOfRounds contest) {
    Cost handle = contest.of("handle", 1, 1);
    double field = contest.of("field", 1, 1).nanos();
    figures.add(BenchFigure.information("b", "a volatile field", field, "ns"));
    figures.add(
        BenchFigure.compared("b", "handle.get", handle.nanos(), "ns", field, Limit.atMost(3)));
    figures.add(BenchFigure.checked("b", "handle.get", handle.bytes(), "B/op", NO_GARBAGE));
  }

  private static void scaling(List<BenchFigure> figures, BestOfRounds contest) {
    for (String contender :
        List.of("get", "map", "handle", "field", "aws", "caffeineExpiring", "environment")) {
      for (Read read : contest.readsIfAny(contender, 2)) {
        double both = often(contest, read);
        double one = often(contest, new Read(contender, read.names(), 1));
        String what = contender + " by 2 threads, as often as by one";
        figures.add(
            contender.equals("get")
                ? BenchFigure.compared("h", what, both, "/us", one, Limit.atLeast(1.9))
                    .noted(whatTheMachineGives(contest))
                : BenchFigure.information("h", what, both, "/us").besides(one));
      }
    }
  }

  /** Returns how many reads all threads make together in a microsecond. */
  private static double often(BestOfRounds contest, Read read) {
    return read.threads()
        * 1000
        / contest.of(read.contender(), read.names(), read.threads()).nanos();
  }

  /** A second core that another program uses is not there for the map either. */
  private static String whatTheMachineGives(BestOfRounds contest) {
    double map =
        often(contest, new Read("map", TYPICAL, 2)) / often(contest, new Read("map", TYPICAL, 1));
    return String.format(Locale.ROOT, "a bare map on this machine: %s", BenchFigure.number(map));
  }
}
