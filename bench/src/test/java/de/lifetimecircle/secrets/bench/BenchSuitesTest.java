package de.lifetimecircle.secrets.bench;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.bench.BenchScript.Outcome;
import de.lifetimecircle.secrets.bench.compare.ReportedComparison;
import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every suite of {@code bench/run} measures every row it promises, and each bound can fail. What it
 * measures means nothing here.
 */
@Timeout(900) // more than BenchScript waits, whose failure shows what the suite printed
class BenchSuitesTest {
  /** Of these units there is no zero; a count may be one, and so may a difference of counts. */
  private static final Set<String> POSITIVE =
      Set.of("ns", "us", "ms", "s", "/us", "B/name", "KB", "MB");

  private static final Path PAGE = Path.of("../docs/performance.md");

  @TempDir private static Path folder;

  /** Checks one word of the script. */
  private interface Check {
    void run() throws Exception;
  }

  /** The words of the script, not of this test: one without a check fails. */
  static Set<String> suites() throws IOException {
    return BenchScript.suites();
  }

  private static Map<String, Check> checks() {
    Map<String, Check> checks = new TreeMap<>();
    BenchProgram.suites().forEach(suite -> checks.put(suite.name(), () -> measures(suite)));
    checks.put("cost", BenchSuitesTest::calculates);
    checks.put("compare", () -> ReportedComparison.inFolder(folder).checkComparison());
    checks.put("report", () -> ReportedComparison.inFolder(folder).checkReport());
    return checks;
  }

  @ParameterizedTest
  @MethodSource("suites")
  void everySuiteMeasures(String suite) throws Exception {
    assertThat(checks()).containsKey(suite);
    Check check = checks().get(suite);
    assertThat(check).isNotNull();
    check.run();
  }

  @Test
  void theScriptKnowsEverySuite() throws IOException {
    assertThat(suites()).isEqualTo(checks().keySet());
  }

  @Test
  void thePageNamesEverySuiteWithItsGoals() throws IOException {
    List<String> page = Files.readAllLines(PAGE);
    assertThat(page)
        .filteredOn(line -> line.startsWith("| `"))
        .as("a row for each suite, and for no other")
        .hasSameSizeAs(BenchProgram.suites());
    for (BenchSuite suite : BenchProgram.suites()) {
      String row = "| `" + suite.name() + "` | " + String.join(", ", suite.goals()) + " |";
      assertThat(page).as(row).anyMatch(line -> line.startsWith(row));
      for (String goal : suite.goals()) {
        assertThat(page).as(goal).anyMatch(line -> line.startsWith("| " + goal + " | "));
      }
    }
  }

  @Test
  void everySuiteHasAFormInAFreshClone() throws IOException {
    String forms = Files.readString(Path.of("../tests/forms"));
    assertThat(suites()).allSatisfy(suite -> assertThat(forms).contains("bench/run " + suite));
  }

  /** It names them in two parts, which the test of all scripts in {@code cli} does not see. */
  @Test
  void theScriptOfTheAgentNamesSourcesThatExist() throws IOException {
    String reads = Files.readString(Path.of("agent-reads"));
    Matcher folder = Pattern.compile("(?m)^sources=(\\S+)$").matcher(reads);
    assertThat(folder.find()).isTrue();
    for (String source : List.of("BareServers", "CachedReads")) {
      assertThat(reads).contains("$sources/" + source + ".java", "$programs." + source);
      assertThat(Path.of("..", folder.group(1), source + ".java")).exists();
    }
  }

  private static void measures(BenchSuite suite) throws Exception {
    Path json = folder.resolve(suite.name() + ".json");
    Outcome outcome =
        new BenchScript(folder).run(suite.name(), "--smoke", "--json", json.toString());
    assertThat(outcome.code()).as(outcome.printed()).isIn(0, 1); // no figure here means anything
    BenchReport report = BenchReport.of(Files.readString(json));
    assertThat(report.goals().keySet()).isEqualTo(new TreeSet<>(suite.goals()));
    for (BenchFigure row : report.figures()) {
      // The one row that depends on the machine: virtual threads need a second JDK.
      if (!row.note().equals(NewerJdk.NONE) || NewerJdk.find().isPresent()) {
        checkMeasured(row, outcome);
      }
    }
    report.figures().stream().filter(BenchFigure::decides).forEach(BenchSuitesTest::checkBound);
  }

  private static void checkMeasured(BenchFigure row, Outcome outcome) {
    String what = row.goal() + " " + row.what() + "\n" + outcome.printed();
    assertThat(row.figure()).as(what).isFinite();
    row.ratio().ifPresent(ratio -> assertThat(ratio).as(what).isFinite());
    if (POSITIVE.contains(row.unit())) {
      assertThat(row.figure()).as(what).isPositive();
    }
  }

  /** Feeds a figure on either side of the bound, whatever was measured. */
  private static void checkBound(BenchFigure row) {
    GoalBound bound = row.bound();
    assertThat(bound).isNotNull();
    double limit = bound.limit().number();
    double step = Math.max(1, Math.abs(limit)) * 1e-6;
    switch (bound.limit().relation()) {
      case AT_MOST -> {
        assertThat(verdict(row, limit - step)).as(row.toString()).isEqualTo("yes");
        assertThat(verdict(row, limit + step)).as(row.toString()).isEqualTo("NO");
      }
      case AT_LEAST -> {
        assertThat(verdict(row, limit + step)).as(row.toString()).isEqualTo("yes");
        assertThat(verdict(row, limit - step)).as(row.toString()).isEqualTo("NO");
      }
      case EXACTLY -> {
        assertThat(verdict(row, limit)).as(row.toString()).isEqualTo("yes");
        assertThat(verdict(row, limit + 1)).as(row.toString()).isEqualTo("NO");
        assertThat(verdict(row, limit - 1)).as(row.toString()).isEqualTo("NO");
      }
    }
  }

  /** Returns what the table says of the row with a figure that makes the bounded number this. */
  private static String verdict(BenchFigure row, double bounded) {
    Double beside = row.beside();
    double figure =
        row.bound() instanceof GoalBound.OnRatio && beside != null ? bounded * beside : bounded;
    BenchFigure fed =
        new BenchFigure(row.goal(), "fed", figure, row.unit(), beside, row.bound(), "");
    String table = new BenchReport(Map.of(), List.of(fed)).table();
    String line = table.lines().filter(each -> each.contains("  fed  ")).findFirst().orElseThrow();
    return line.substring(line.lastIndexOf(' ') + 1);
  }

  private static void calculates() throws Exception {
    Path json = folder.resolve("cost.json");
    Outcome outcome = new BenchScript(folder).run("cost", "--json", json.toString());
    assertThat(outcome.code()).as(outcome.printed()).isZero();
    Map<?, ?> result = (Map<?, ?>) Json.parse(Files.readString(json));
    assertThat(result).isNotNull();
    Collection<?> backends = (Collection<?>) result.get("backends");
    assertThat(backends)
        .extracting(backend -> Json.text((Map<?, ?>) backend, "scheme"))
        .contains("aws", "azure", "vault", "gpg");
    for (Object backend : backends) {
      Map<?, ?> dollars = Json.object((Map<?, ?>) backend, "dollars");
      assertThat((BigDecimal) dollars.get("total")).as(backend.toString()).isNotNegative();
    }
  }
}
