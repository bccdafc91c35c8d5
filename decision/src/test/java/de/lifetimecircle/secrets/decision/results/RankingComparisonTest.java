package de.lifetimecircle.secrets.decision.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

final class RankingComparisonTest {
  private static final ComparisonRun FIRST = Comparisons.sample();

  @Test
  void runAgreesWithItselfAndNamesWhatOverlaps() {
    RankingComparison agreement = RankingComparison.of(FIRST, FIRST);
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
    RankingComparison agreement = RankingComparison.of(two, two);
    assertThat(agreement.agreed() + agreement.overlaps().size()).isEqualTo(2 * pairs);
  }

  @Test
  void otherOrderOfWhatLiesApartIsAContradiction() {
    RankingComparison agreement = RankingComparison.of(FIRST, slower("gpg", 100));
    assertThat(agreement.contradictions())
        .anyMatch(pair -> pair.startsWith("cold-get: aws-moto ") && pair.contains(" and gpg "))
        .allMatch(pair -> pair.contains("gpg"));
  }

  @Test
  void otherOrderOfWhatOverlapsIsNone() {
    // Azure and vault lie within 4 % of each other.
    RankingComparison agreement = RankingComparison.of(FIRST, slower("vault", 1.05));
    assertThat(agreement.contradictions()).isEmpty();
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
    return FIRST.with(FIRST.measurements().stream().map(change).toList());
  }

  private static ComparisonRun with(java.util.function.Predicate<Measurement> which) {
    return FIRST.with(
        FIRST.measurements().stream()
            .filter(which)
            .filter(m -> m.client().equals(Measurement.PROVIDER))
            .toList());
  }
}
