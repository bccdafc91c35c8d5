package de.lifetimecircle.secrets.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.bench.BenchScript;
import de.lifetimecircle.secrets.decision.results.ComparisonRun;
import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.ResultFile;
import de.lifetimecircle.secrets.decision.results.ResultText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A run of {@code bench/run report} on the one backend that needs no server, as short as it can be.
 * It measures by {@code bench/run compare}, so one run checks both.
 */
public final class ReportedComparison {
  private static final Map<Path, ReportedComparison> RUNS = new ConcurrentHashMap<>();

  private final Path folder;
  private final BenchScript.Outcome outcome;

  private ReportedComparison(Path folder) {
    this.folder = folder;
    try {
      String options = "report --quick --seconds 10 --backend gpg --rtt 0,2";
      outcome = new BenchScript(folder).run(options.split(" ", -1));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Returns the run whose results are in that folder; runs it the first time. */
  public static ReportedComparison inFolder(Path folder) {
    return RUNS.computeIfAbsent(folder.resolve("reported"), ReportedComparison::made);
  }

  private static ReportedComparison made(Path folder) {
    try {
      return new ReportedComparison(Files.createDirectories(folder));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Checks that everything was measured, and that no value of a secret is anywhere. */
  public void checkComparison() throws IOException {
    assertThat(outcome.printed()).contains("1 of 7  gpg: calls, round 1 (about ");
    assertThat(outcome.printed()).doesNotContain(BackendClient.VALUE);
    check(ResultFile.read(folder.resolve("results/compare-quick.json")));
    assertThat(files("results")).containsExactly("compare-quick.json", "compare-quick.json.log");
  }

  /** Checks that the report has its pages, and that no value of a secret is anywhere. */
  public void checkReport() throws IOException {
    assertThat(outcome.code()).as(outcome.printed()).isZero();
    assertThat(files("report"))
        .contains("adr.en.md", "report.de.html", "report.en.html", "report.json");
    assertThat(folder.resolve("report/report.en.html")).content().contains("gpg");
  }

  private List<String> files(String below) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve(below))) {
      List<Path> found = files.filter(Files::isRegularFile).sorted().toList();
      for (Path file : found) {
        assertThat(file).content(StandardCharsets.ISO_8859_1).doesNotContain(BackendClient.VALUE);
      }
      return found.stream().map(file -> folder.resolve(below).relativize(file).toString()).toList();
    }
  }

  private static void check(ComparisonRun result) {
    assertThat(result.complete()).isTrue();
    assertThat(result.extent()).isEqualTo("quick");
    assertThat(result.noise()).isNotEmpty();
    assertThat(result.failures())
        .contains(
            ResultText.omission(
                "gpg",
                ResultText.of("step", ResultText.measure("throttle"), ResultText.of("not.limit"))))
        .allMatch(ResultText::isOmission);
    assertThat(result.measurements())
        .extracting(Measurement::id)
        .contains("cold-get", "cached-get", "batch-1", "batch-20", "batch-100", "get-by-version")
        .contains("put", "list", "start-to-first-secret", "recovery", "visibility", "rotation")
        .contains("visibility-late", "cpu-per-1000-reads", "memory")
        .contains("jmh-cold-get", "jmh-batch-1", "jmh-batch-20", "jmh-batch-100")
        .contains("jmh-get-by-version", "jmh-put", "jmh-list");
    assertThat(result.measurements()).extracting(Measurement::client).contains("gpg");
    assertThat(result.measurements())
        .allSatisfy(
            m -> {
              assertThat(m.low()).isLessThanOrEqualTo(m.median());
              assertThat(m.high()).isGreaterThanOrEqualTo(m.median());
              assertThat(m.samples()).isPositive();
            });
  }
}
