package de.lifetimecircle.secrets.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import de.lifetimecircle.secrets.bench.results.Comparison;
import de.lifetimecircle.secrets.bench.results.Participant;
import de.lifetimecircle.secrets.bench.results.Realness;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RankingTest {
  @Test
  void theShippedWeightsPutAwsFirst() {
    Ranking ranking = Ranking.of(Subjects.sample());
    assertThat(ranking.rows())
        .extracting(Ranking.Row::scheme)
        .containsExactly("aws", "azure", "vault", "gpg");
    assertThat(ranking.isTie()).isFalse();
  }

  @Test
  void theSumIsOfAHundred() {
    Ranking ranking = Ranking.of(Subjects.weighted(Map.of(Criterion.IAM, 100.0)));
    assertThat(ranking.rows().get(0).scheme()).isEqualTo("aws");
    assertThat(ranking.rows().get(0).sum()).isEqualTo(100, within(1e-9));
    assertThat(ranking.rows().get(3).sum()).isEqualTo(20, within(1e-9)); // 1 of 5 points
  }

  @Test
  void equalSumsAreATieThatIsNamed() {
    Ranking ranking = Ranking.of(Subjects.weighted(Map.of(Criterion.COMPLIANCE, 100.0)));
    assertThat(ranking.isTie()).isTrue();
    assertThat(ranking.first()).extracting(Ranking.Row::scheme).containsExactly("aws", "azure");
    assertThat(new CoverChapter(Subjects.sample(), ranking, Words.of(Locale.ENGLISH)).choice())
        .isEqualTo("a tie of AWS Secrets Manager and Azure Key Vault");
  }

  /** Reckoned by trying every weight in small steps, beside the formula. */
  @ParameterizedTest
  @EnumSource(Criterion.class)
  void theTurnIsWhereAnotherOneBeginsToWin(Criterion criterion) {
    Subject sample = Subjects.sample();
    Optional<Ranking.Turn> turn = Ranking.of(sample).turns().get(criterion);
    double from = sample.stance().weight(criterion);
    double nearest = Double.NaN;
    String other = "";
    for (double step = 0; step <= 100; step += 0.01) {
      for (double to : new double[] {from - step, from + step}) {
        if (Double.isNaN(nearest) && to >= 0 && to <= 100) {
          String first = winner(sample, criterion, to);
          if (!first.equals("aws")) {
            nearest = to;
            other = first;
          }
        }
      }
    }
    assertThat(turn.isPresent()).isEqualTo(!Double.isNaN(nearest));
    if (turn.isPresent()) {
      assertThat(turn.get().to()).isEqualTo(nearest, within(0.02));
      assertThat(turn.get().winner()).isEqualTo(other);
    }
  }

  private static String winner(Subject sample, Criterion criterion, double weight) {
    Map<Criterion, Double> weights = new EnumMap<>(Criterion.class);
    double from = sample.stance().weight(criterion);
    sample
        .stance()
        .weights()
        .forEach((each, own) -> weights.put(each, own * (100 - weight) / (100 - from)));
    weights.put(criterion, weight);
    double best = -1;
    String first = "";
    for (Ranking.Row row : Ranking.of(sample).rows()) {
      double sum = 0;
      for (Criterion each : Criterion.values()) {
        sum += weights.getOrDefault(each, 0.0) * row.of(each);
      }
      if (sum > best + 1e-9) {
        best = sum;
        first = row.scheme();
      }
    }
    return first;
  }

  @Test
  void aStandInsTimesGiveNoPointsAndARealServersDo() {
    Subject sample = Subjects.sample();
    Points points = new Points(sample);
    assertThat(points.of(Criterion.SPEED, "aws"))
        .contains(new Points.Point(4, Judgement.Origin.TEAM));
    assertThat(points.of(Criterion.SPEED, "gpg"))
        .contains(new Points.Point(5, Judgement.Origin.MEASURED)); // 0.19 ms
    assertThat(points.of(Criterion.SPEED, "vault").get().points())
        .isEqualTo(5 - Math.log10(1.58), within(1e-9));
  }

  @Test
  void aNamedServerStandsForItsBackendBeforeAStandIn() {
    Comparison named =
        Subjects.joined(
            new Participant("aws-named", "aws", "eu-central-1", Realness.NAMED),
            Subjects.figure("cold-get", "aws-named", "provider", "ms", 10));
    assertThat(new Points(Subjects.of(named)).of(Criterion.SPEED, "aws"))
        .contains(new Points.Point(4, Judgement.Origin.MEASURED));
  }

  @Test
  void aBackendWithoutPricesIsShownAndNotRanked() {
    Comparison more = Subjects.joined(new Participant("plain", "plain", "a folder", Realness.REAL));
    Subject subject = Subjects.of(more);
    assertThat(Ranking.of(subject).unranked()).containsOnlyKeys("plain");
    assertThat(Ranking.of(subject).rows()).hasSize(4);
    assertThat(HtmlPage.of(DecisionPages.of(subject).report(Words.of(Locale.GERMAN))))
        .contains("Ohne Rang, weil Preise oder Urteile fehlen: plain.");
  }
}
