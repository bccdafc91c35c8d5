package de.lifetimecircle.secrets.decision.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostPlanTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

  @Test
  void aRefreshComesEarlierByHalfTheJitterOnAverage() {
    assertThat(Cases.single(TEN_MINUTES, 0, "1", HOUR).meanInterval()).isEqualByComparingTo("600");
    assertThat(Cases.single(TEN_MINUTES, 50, "1", HOUR).meanInterval()).isEqualByComparingTo("450");
  }

  @Test
  void aNameThatIsReadInTheIdleTimeIsRefreshedOnceEachInterval() {
    CostPlan plan = Cases.single(TEN_MINUTES, 0, "1", HOUR);
    assertThat(plan.goesIdle()).isFalse();
    assertThat(plan.refreshes()).isEqualByComparingTo("4380"); // 730 h, six in each
  }

  @Test
  void moreReadsMakeNoMoreRefreshes() {
    assertThat(Cases.single(TEN_MINUTES, 0, "100000", HOUR).refreshes())
        .isEqualByComparingTo("4380");
  }

  @Test
  void aNameThatIsReadLessOftenIsRefreshedUntilTheIdleTimeIsOver() {
    // A read in 100,000 s: 26.28 a month, each with 2 + 6 refreshes.
    CostPlan plan = Cases.single(TEN_MINUTES, 0, "0.00001", HOUR);
    assertThat(plan.goesIdle()).isTrue();
    assertThat(plan.refreshes()).isEqualByComparingTo("210.24");
  }

  @Test
  void aNameThatIsJustIdleIsNotRefreshedMoreThanOneThatIsNot() {
    // A read in 4,000 s, an idle time of 3,600 s: eight refreshes do not fit between two reads.
    CostPlan plan = Cases.single(TEN_MINUTES, 0, "0.00025", HOUR);
    assertThat(plan.goesIdle()).isTrue();
    assertThat(plan.refreshes()).isEqualByComparingTo("4380");
  }

  @Test
  void whatNobodyReadsIsNotRefreshed() {
    assertThat(Cases.single(TEN_MINUTES, 20, "0", HOUR).refreshes()).isZero();
  }

  @Test
  void aMonthHas365TwelfthsOfADay() {
    CostPlan daily = Cases.plan("--starts", "1");
    assertThat(daily.startsAMonth(12)).isEqualByComparingTo("365");
    assertThat(Cases.plan("--starts", "0.5").startsAMonth(24)).isEqualByComparingTo("365");
  }

  @Test
  void rotationsAreCountedWithTheReadsThatFollowThem() {
    CallDemand once = CallDemand.of(Cases.plan("--rotations", "1"), Cases.tariff("azure"));
    CallDemand thrice = CallDemand.of(Cases.plan("--rotations", "3"), Cases.tariff("azure"));
    assertThat(thrice.rereads()).isEqualByComparingTo("36");
    assertThat(thrice.putReads()).isEqualByComparingTo("18");
    assertThat(thrice.putWrites()).isEqualByComparingTo("9");
    BigDecimal more = thrice.calls(QuotaCalls.ALL).subtract(once.calls(QuotaCalls.ALL));
    assertThat(more).isEqualByComparingTo("42");
  }

  @Test
  void readsAndWritesAddUp() {
    CallDemand demand = CallDemand.of(Cases.plan(), Cases.tariff("aws"));
    assertThat(demand.calls(QuotaCalls.READ).add(demand.calls(QuotaCalls.WRITE)))
        .isEqualByComparingTo(demand.calls(QuotaCalls.ALL));
    assertThat(demand.average(QuotaCalls.ALL, 10))
        .isEqualByComparingTo(demand.average(QuotaCalls.ALL, 1).multiply(BigDecimal.TEN));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--secrets | 0 | --secrets: 0 (expected: 1 to 1000000)",
        "--secrets | -1 | --secrets: -1 (expected: 1 to 1000000)",
        "--secrets | 2.5 | --secrets: 2.5 (expected: a whole number)",
        "--instances | many | --instances: many (expected: a whole number)",
        "--instances | 99999999999 | --instances: 99999999999 (expected: a whole number)",
        "--reads | -50 | --reads: -50 (expected: 0 to 1000000000)",
        "--reads | 1e3 | --reads: 1e3 (expected: a number)",
        "--rotations | -0.5 | --rotations: -0.5 (expected: 0 to 100000)",
        "--starts | 1441 | --starts: 1441 (expected: 0 to 1440)",
        "--jitter | 51 | --jitter: 51 (expected: 0 to 50)",
        "--soft-age | 0s | --soft-age: 0s (expected: 1s to 30d)",
        "--soft-age | 500ms | --soft-age: 500ms (expected: 1s to 30d)",
        "--soft-age | -5m | --soft-age: -5m (expected: a time such as 30s, 5m or 1h)",
        "--idle | 31d | --idle: 31d (expected: 1s to 30d)",
        "--spread | 90m | --spread: 90m (expected: less than from one of the --starts to the next)",
      })
  void aSentenceSaysWhatIsWrong(String option, String value, String sentence) {
    assertThatThrownBy(() -> Cases.plan("--starts", "24", option, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(sentence);
  }
}
