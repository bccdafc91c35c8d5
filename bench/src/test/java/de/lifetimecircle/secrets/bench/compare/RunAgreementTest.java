package de.lifetimecircle.secrets.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.decision.results.ComparisonRun;
import de.lifetimecircle.secrets.decision.results.Comparisons;
import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.ResultFile;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunAgreementTest {
  private static final ComparisonRun FIRST = Comparisons.sample();

  @TempDir private Path folder;

  @Test
  void runAgreesWithItselfAndNamesWhatOverlaps() {
    RunAgreement agreement = RunAgreement.of(FIRST, FIRST);
    assertThat(agreement.contradictions()).isEmpty();
    assertThat(agreement.agreed()).isPositive();
    assertThat(agreement.overlaps())
        .anyMatch(pair -> pair.startsWith("cold-get: azure ") && pair.contains(" and vault "));
  }

  @Test
  void onlyTheSameWorkAtTheSameDistanceIsCompared() {
    ComparisonRun two =
        with(m -> m.id().equals("put") || (m.id().equals("cold-get") && m.roundTripMillis() == 2));
    int pairs = 5 * 4 / 2;
    RunAgreement agreement = RunAgreement.of(two, two);
    assertThat(agreement.agreed() + agreement.overlaps().size()).isEqualTo(2 * pairs);
  }

  @Test
  void otherOrderOfWhatLiesApartIsAContradiction() {
    RunAgreement agreement = RunAgreement.of(FIRST, slower("gpg", 100));
    assertThat(agreement.contradictions())
        .anyMatch(pair -> pair.startsWith("cold-get: aws-moto ") && pair.contains(" and gpg "))
        .allMatch(pair -> pair.contains("gpg"));
  }

  @Test
  void otherOrderOfWhatOverlapsIsNone() {
    // Azure and vault lie within 4 % of each other.
    RunAgreement agreement = RunAgreement.of(FIRST, slower("vault", 1.05));
    assertThat(agreement.contradictions()).isEmpty();
  }

  @Test
  void programEndsWithOneOnAContradiction() {
    Path one = folder.resolve("one.json");
    Path two = folder.resolve("two.json");
    ResultFile.write(one, FIRST);
    ResultFile.write(two, slower("gpg", 100));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(run(out, "--agree", one.toString(), one.toString())).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains(", 0 contradict");
    assertThat(run(out, "--agree", one.toString(), two.toString())).isEqualTo(1);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("They contradict each other:");
  }

  /** Both in docs/decision, from one machine on one day. */
  @Test
  void theTwoKeptRunsDoNotContradictEachOther() {
    Path kept = Path.of("../docs/decision");
    RunAgreement agreement =
        RunAgreement.of(
            ResultFile.read(kept.resolve("compare.json")),
            ResultFile.read(kept.resolve("compare-quick.json")));
    assertThat(agreement.contradictions()).isEmpty();
    assertThat(agreement.agreed()).isGreaterThan(50);
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

  private static ComparisonRun slower(String participant, double times) {
    return each(m -> m.participant().equals(participant) ? times(m, times) : m);
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

  private static ComparisonRun each(UnaryOperator<Measurement> change) {
    return of(FIRST.measurements().stream().map(change).toList());
  }

  private static ComparisonRun with(java.util.function.Predicate<Measurement> which) {
    return of(
        FIRST.measurements().stream()
            .filter(which)
            .filter(m -> m.client().equals(Measurement.PROVIDER))
            .toList());
  }

  private static ComparisonRun of(List<Measurement> measurements) {
    return new ComparisonRun(
        FIRST.begun(),
        FIRST.took(),
        FIRST.extent(),
        FIRST.complete(),
        FIRST.machine(),
        FIRST.noise(),
        FIRST.seed(),
        FIRST.participants(),
        measurements,
        FIRST.failures());
  }
}
