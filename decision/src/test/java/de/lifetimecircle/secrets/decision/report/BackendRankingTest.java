package de.lifetimecircle.secrets.decision.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import de.lifetimecircle.secrets.decision.cost.Origin;
import de.lifetimecircle.secrets.decision.page.HtmlPage;
import de.lifetimecircle.secrets.decision.results.ComparisonRun;
import de.lifetimecircle.secrets.decision.results.Participant;
import de.lifetimecircle.secrets.decision.results.Realness;
import de.lifetimecircle.secrets.decision.results.ResultText;
import de.lifetimecircle.secrets.operations.documents.Language;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BackendRankingTest {
  @Test
  void theShippedWeightsPutAwsFirst() {
    BackendRanking ranking = BackendRanking.of(Subjects.sample());
    assertThat(ranking.rows())
        .extracting(BackendRanking.Row::scheme)
        .containsExactly("aws", "azure", "vault", "gpg");
    assertThat(ranking.isTie()).isFalse();
  }

  @Test
  void theSumIsOfAHundred() {
    BackendRanking ranking =
        BackendRanking.of(Subjects.weighted(Map.of(DecisionCriterion.IAM, 100.0)));
    assertThat(ranking.rows().get(0).scheme()).isEqualTo("aws");
    assertThat(ranking.rows().get(0).sum()).isEqualTo(100, within(1e-9));
    assertThat(ranking.rows().get(3).sum()).isEqualTo(20, within(1e-9)); // 1 of 5 points
  }

  @Test
  void equalSumsAreATieThatIsNamed() {
    BackendRanking ranking =
        BackendRanking.of(Subjects.weighted(Map.of(DecisionCriterion.COMPLIANCE, 100.0)));
    assertThat(ranking.isTie()).isTrue();
    assertThat(ranking.first())
        .extracting(BackendRanking.Row::scheme)
        .containsExactly("aws", "azure");
    assertThat(
            new CoverChapter(Subjects.sample(), ranking, new ReportText(Language.ENGLISH)).choice())
        .isEqualTo("a tie of AWS Secrets Manager and Azure Key Vault");
  }

  /** Calculated by trying every weight in small steps, as a check of the formula. */
  @ParameterizedTest
  @EnumSource(DecisionCriterion.class)
  void theTurnIsWhereAnotherOneBeginsToWin(DecisionCriterion criterion) {
    ReportSubject sample = Subjects.sample();
    BackendRanking ranking = BackendRanking.of(sample);
    Optional<BackendRanking.Turn> turn = ranking.turn(criterion);
    double from = sample.policy().weight(criterion);
    double nearest = Double.NaN;
    String other = "";
    for (double step = 0; step <= 100; step += 0.01) {
      for (double to : new double[] {from - step, from + step}) {
        if (Double.isNaN(nearest) && to >= 0 && to <= 100) {
          String first = winner(ranking, criterion, to);
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

  private static String winner(BackendRanking ranking, DecisionCriterion criterion, double weight) {
    Map<DecisionCriterion, Double> weights = new EnumMap<>(DecisionCriterion.class);
    double from = ranking.weights().getOrDefault(criterion, 0.0);
    ranking
        .weights()
        .forEach((each, own) -> weights.put(each, own * (100 - weight) / (100 - from)));
    weights.put(criterion, weight);
    double best = -1;
    String first = "";
    for (BackendRanking.Row row : ranking.rows()) {
      double sum = 0;
      for (DecisionCriterion each : DecisionCriterion.values()) {
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
    ReportSubject sample = Subjects.sample();
    CriterionFindings findings = new CriterionFindings(sample);
    assertThat(findings.of(DecisionCriterion.SPEED, "aws").point())
        .contains(new Finding.Point(4, Origin.TEAM));
    assertThat(findings.of(DecisionCriterion.SPEED, "gpg").point())
        .contains(new Finding.Point(5, Origin.MEASURED)); // 0.19 ms
    assertThat(findings.of(DecisionCriterion.SPEED, "vault").point().get().points())
        .isEqualTo(5 - Math.log10(1.58), within(1e-9));
  }

  @Test
  void aNamedServerStandsForItsBackendBeforeAStandIn() {
    ComparisonRun named =
        Subjects.joined(
            new Participant("aws-named", "aws", ResultText.name("eu-central-1"), Realness.NAMED),
            Subjects.figure("cold-get", "aws-named", "provider", "ms", 10));
    assertThat(new CriterionFindings(Subjects.of(named)).of(DecisionCriterion.SPEED, "aws").point())
        .contains(new Finding.Point(4, Origin.MEASURED));
  }

  @Test
  void aBackendWithoutPricesIsShownAndNotRanked() {
    ComparisonRun more =
        Subjects.joined(
            new Participant("plain", "plain", ResultText.name("a folder"), Realness.REAL));
    ReportSubject subject = Subjects.of(more);
    assertThat(BackendRanking.of(subject).unranked()).containsOnlyKeys("plain");
    assertThat(BackendRanking.of(subject).rows()).hasSize(4);
    assertThat(HtmlPage.of(DecisionPages.of(subject).report(new ReportText(Language.GERMAN))))
        .contains("Ohne Rang, weil Preise oder Urteile fehlen: plain.");
  }
}
