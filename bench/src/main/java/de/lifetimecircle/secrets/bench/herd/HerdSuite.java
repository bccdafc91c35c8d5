package de.lifetimecircle.secrets.bench.herd;

import de.lifetimecircle.secrets.bench.BenchFigure;
import de.lifetimecircle.secrets.bench.BenchMode;
import de.lifetimecircle.secrets.bench.BenchSuite;
import de.lifetimecircle.secrets.bench.Limit;
import de.lifetimecircle.secrets.bench.MeasuredProgram;
import de.lifetimecircle.secrets.bench.NewerJdk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Many callers of one cold name at once: 64 threads of the system on this Java, and 10,000 virtual
 * ones on a newer. Stateless.
 */
public final class HerdSuite implements BenchSuite {
  private static final String GOAL = "f";
  private static final int THREADS = 64;
  private static final double MILLIS = 1e6;

  /** Makes the suite. */
  public HerdSuite() {}

  @Override
  public String name() {
    return "herd";
  }

  @Override
  public List<String> goals() {
    return List.of(GOAL);
  }

  @Override
  public List<BenchFigure> run(BenchMode mode) throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<BenchFigure> figures =
        new ArrayList<>(figures(mode, THREADS + " threads", run(mode, java, "platform", THREADS)));
    int size = mode.pick(10_000, 10_000, 500);
    String virtual = String.format(Locale.ROOT, "%,d virtual threads", size);
    Optional<NewerJdk.Jdk> newer = NewerJdk.find();
    if (newer.isEmpty()) {
      figures.add(BenchFigure.missing(GOAL, virtual, NewerJdk.NONE));
      return figures;
    }
    figures.addAll(
        figures(
            mode,
            virtual + " on Java " + newer.get().version(),
            run(mode, newer.get().java(), "virtual", size)));
    return figures;
  }

  private static List<String> run(BenchMode mode, Path java, String kind, int size)
      throws IOException, InterruptedException {
    String classPath = System.getProperty("java.class.path");
    return MeasuredProgram.java(
            java, classPath, HerdProgram.class, kind, String.valueOf(size), mode.name())
        .run("")
        .lines()
        .toList();
  }

  private static List<BenchFigure> figures(BenchMode mode, String herd, List<String> lines) {
    List<BenchFigure> figures = new ArrayList<>();
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      switch (words[0]) {
        case "ours" -> figures.addAll(ours(mode, herd, words));
        case "default" -> figures.add(asItComes(herd, words, lone(lines, words[1])));
        case "lone" -> {} // beside the herd of the same state
        case "pins" -> figures.add(pins(herd, words));
        default -> figures.add(other(herd, words));
      }
    }
    return figures;
  }

  private static List<BenchFigure> ours(BenchMode mode, String herd, String[] words) {
    String what =
        String.format(Locale.ROOT, "%s, backend %s, %s cold, one try", herd, words[1], words[2]);
    int call = CountingStore.latencyMillis(mode);
    return List.of(
        BenchFigure.checked(
            GOAL,
            what + ": callers with another outcome than the backend's",
            Integer.parseInt(words[5]),
            "callers",
            Limit.exactly(0)),
        BenchFigure.checked(
            GOAL,
            what + ": calls of one name",
            Integer.parseInt(words[3]),
            "calls",
            Limit.exactly(1)),
        BenchFigure.checked(
                GOAL,
                what + ": slowest caller",
                Long.parseLong(words[4]) / MILLIS,
                "ms",
                Limit.atMost(1.1 * call + 5))
            .noted(String.format(Locale.ROOT, "a call takes %d ms", call)));
  }

  /** The calls that one caller alone caused in that state. */
  private static int lone(List<String> lines, String state) {
    return lines.stream()
        .map(line -> line.split(" ", -1))
        .filter(words -> words[0].equals("lone") && words[1].equals(state))
        .mapToInt(words -> Integer.parseInt(words[3]))
        .findFirst()
        .orElseThrow();
  }

  /** With the retries that the library comes with, a herd causes the calls of one caller. */
  private static BenchFigure asItComes(String herd, String[] words, int lone) {
    int calls = Integer.parseInt(words[3]);
    return BenchFigure.compared(
            GOAL,
            String.format(
                Locale.ROOT,
                "%s, backend %s, default settings: calls of one name beside a lone caller's",
                herd,
                words[1]),
            calls,
            "calls",
            lone,
            Limit.exactly(1))
        .noted(
            String.format(
                Locale.ROOT,
                "slowest caller %.0f ms, waits between tries included",
                Long.parseLong(words[4]) / MILLIS));
  }

  private static BenchFigure pins(String herd, String[] words) {
    boolean seen = Integer.parseInt(words[2]) > 0;
    String what = herd + ": pinned";
    return seen
        ? BenchFigure.checked(GOAL, what, Integer.parseInt(words[1]), "times", Limit.exactly(0))
        : BenchFigure.missing(
            GOAL, what, "a thread that was pinned on purpose was not seen either");
  }

  private static BenchFigure other(String herd, String[] words) {
    String who = words[0].equals("bare") ? "a bare future" : "Caffeine";
    return BenchFigure.information(
            GOAL,
            String.format(Locale.ROOT, "%s, backend %s: calls of %s", herd, words[1], who),
            Integer.parseInt(words[3]),
            "calls")
        .noted(
            String.format(
                Locale.ROOT, "slowest caller %.0f ms", Long.parseLong(words[4]) / MILLIS));
  }
}
