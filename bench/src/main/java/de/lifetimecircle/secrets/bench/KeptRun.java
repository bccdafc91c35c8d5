package de.lifetimecircle.secrets.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keeps the figures of a run in {@code docs/performance}, and writes them into {@code
 * docs/performance.md}, so that no figure there is older than its file. Ends with 0 when it has,
 * with 1 when the run cannot be kept.
 */
public final class KeptRun {
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private static final PrintStream ERR = new PrintStream(System.err, true, StandardCharsets.UTF_8);

  /** The figures of one file: everything between the two comments is written by this class. */
  private static final Pattern BLOCK =
      Pattern.compile(
          "(<!-- figures of (\\S+\\.json) -->\n).*?(<!-- end of figures -->)", Pattern.DOTALL);

  /** A file named by its day; there is one, and another run replaces it. */
  private static final Pattern RUN = Pattern.compile("performance/\\d{4}-\\d\\d-\\d\\d\\.json");

  /** A commit as it was: git adds a word where files were changed since. */
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{8,40}");

  private KeptRun() {}

  /**
   * Keeps a run.
   *
   * @param args the file that {@code bench/run all} wrote
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    try {
      OUT.println("Kept as " + keep(Path.of(args[0]), Path.of("docs")));
    } catch (IllegalArgumentException e) {
      ERR.println(e.getMessage());
      System.exit(1);
    }
  }

  /**
   * Copies the run into the folder of documents in place of the one before, and updates the page.
   *
   * @return the copy
   * @throws IllegalArgumentException if it is no run of a known commit
   */
  static Path keep(Path run, Path docs) throws IOException {
    if (!Files.isReadable(run)) {
      throw new IllegalArgumentException(
          "Cannot keep the run: there is no " + run + ". Measure first with 'bench/run all'.");
    }
    String json = Files.readString(run);
    Map<String, String> machine = BenchReport.of(json).machine();
    requireCommit(machine);
    if (!BenchMode.FULL.word().equals(machine.get(BenchProgram.MODE))) {
      throw new IllegalArgumentException(
          "Cannot keep the run: its figures are rough. Measure without --quick and --smoke.");
    }
    String name = "performance/" + machine.getOrDefault("date", "").substring(0, 10) + ".json";
    Path page = docs.resolve("performance.md");
    String text = Files.readString(page);
    Matcher before = RUN.matcher(text);
    if (!before.find()) {
      throw new IllegalArgumentException("Cannot keep the run: " + page + " names no kept run.");
    }
    Files.delete(docs.resolve(before.group()));
    Files.writeString(docs.resolve(name), json);
    Files.writeString(page, page(text.replace(before.group(), name), docs));
    return docs.resolve(name);
  }

  private static void requireCommit(Map<String, String> machine) {
    String commit = machine.getOrDefault("commit", "unknown");
    if (!COMMIT.matcher(commit).matches()) {
      throw new IllegalArgumentException(
          "Cannot keep the run: its commit is "
              + commit
              + ". Commit everything, and run 'bench/run all' again.");
    }
  }

  /** Returns the page with the figures of the files that it names. */
  static String page(String text, Path docs) throws IOException {
    StringBuilder page = new StringBuilder();
    Matcher block = BLOCK.matcher(text);
    while (block.find()) {
      BenchReport report = BenchReport.of(Files.readString(docs.resolve(block.group(2))));
      requireCommit(report.machine());
      String figures = block.group(1) + text(block.group(2), report) + block.group(3);
      block.appendReplacement(page, Matcher.quoteReplacement(figures));
    }
    return block.appendTail(page).toString();
  }

  private static String text(String file, BenchReport report) {
    Map<String, String> machine = report.machine();
    return String.format(
        Locale.ROOT,
        """
        Measured on %s at commit `%s` (%s). [Every figure](%s).

        Each row is a goal with its measurement nearest to the bound, or furthest beyond it.

        | goal | measurement | figure | ratio | bound | holds |
        |---|---|---|---|---|---|
        %s
        """,
        machine.getOrDefault("date", "").substring(0, 10),
        machine.get("commit"),
        Stream.of("cores", "processor", "jdk", "system")
            .filter(machine::containsKey)
            .map(fact -> fact + " " + machine.get(fact))
            .collect(Collectors.joining(", ")),
        file,
        String.join("\n", rows(report)));
  }

  /** Returns a row for each goal: of one that does not hold, the figure that misses by most. */
  private static List<String> rows(BenchReport report) {
    List<String> rows = new ArrayList<>();
    report
        .goals()
        .forEach(
            (goal, holds) -> {
              List<BenchFigure> all =
                  report.figures().stream()
                      .filter(figure -> figure.goal().equals(goal) && figure.decides())
                      .toList();
              List<BenchFigure> missed = all.stream().filter(figure -> !figure.holds()).toList();
              String verdict = holds ? "yes" : "no: " + missed.size() + " of " + all.size();
              List<BenchFigure> shown = holds ? all : missed;
              shown.stream()
                  .max(Comparator.comparingDouble(KeptRun::nearness))
                  .ifPresent(figure -> rows.add(row(figure, verdict)));
            });
    return rows;
  }

  /** Returns how near a figure is to its bound: 1 at the bound, less inside, more outside. */
  private static double nearness(BenchFigure figure) {
    GoalBound bound = figure.bound();
    if (bound == null) {
      return 0;
    }
    double number = bound.bounded(figure);
    double limit = bound.limit().number();
    return switch (bound.limit().relation()) {
      case AT_MOST -> number / limit;
      case AT_LEAST -> limit / number;
      case EXACTLY -> figure.holds() ? 0 : Double.POSITIVE_INFINITY; // a count is never near
    };
  }

  private static String row(BenchFigure figure, String verdict) {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s %s | %s | %s | %s |",
        figure.goal(),
        figure.what(),
        BenchFigure.number(figure.figure()),
        figure.unit(),
        figure.ratio().isPresent() ? BenchFigure.number(figure.ratio().getAsDouble()) : "",
        figure.bound(),
        verdict);
  }
}
