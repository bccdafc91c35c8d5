package de.lifetimecircle.secrets.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.decision.results.ComparisonRun;
import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.ResultFile;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CompareProgramAgreementTest {
  private static final Path KEPT = Path.of("../docs/decision/compare.json");

  @TempDir private Path folder;

  @Test
  void programEndsWithOneOnAContradiction() {
    Path two = folder.resolve("two.json");
    ResultFile.write(two, withSlowFiles(ResultFile.read(KEPT)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(run(out, "--agree", KEPT.toString(), KEPT.toString())).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains(", 0 contradict");
    assertThat(run(out, "--agree", KEPT.toString(), two.toString())).isEqualTo(1);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("They contradict each other:");
  }

  @Test
  void programNamesTheFileThatIsNotThere() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(run(out, "--agree", "no-such.json", "no-such.json")).isEqualTo(2);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "Cannot read results from no-such.json: no such file. Measure first with bench/run"
                + " compare.\n");
    out.reset();
    assertThat(run(out, "--agree", "one.json")).isEqualTo(2);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("expected two result files");
  }

  private static int run(ByteArrayOutputStream out, String... args) {
    PrintStream both = new PrintStream(out, true, StandardCharsets.UTF_8);
    return new CompareProgram(both, both, Map.of()).run(List.of(args));
  }

  private static ComparisonRun withSlowFiles(ComparisonRun run) {
    return run.with(
        run.measurements().stream()
            .map(m -> m.participant().equals("gpg") ? times(m, 1000) : m)
            .toList());
  }

  private static Measurement times(Measurement m, double times) {
    return new Measurement(
        m.id(),
        m.participant(),
        m.client(),
        m.roundTripMillis(),
        m.unit(),
        m.samples(),
        m.median() * times,
        m.low() * times,
        m.high() * times,
        m.p90(),
        m.p99(),
        m.p999(),
        m.warmUp(),
        m.notes());
  }
}
