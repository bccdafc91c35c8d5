package de.lifetimecircle.secrets.decision.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class FleetSimulationTest {
  private static final int MIDNIGHT = 0;
  private static final BackendTariff AZURE = Cases.tariff("azure");

  @Test
  void withoutJitterAllRefreshTogether() {
    CostPlan plan = Cases.plan("--secrets", "5", "--instances", "100", "--rotations", "0");
    SimulatedDay day = FleetSimulation.day(plan, 0, 1);
    assertThat(day.busiestRefreshes(1)).isEqualTo(new QuotaShare.Peak(500, 300));
    assertThat(day.refreshes()).isEqualTo(500 * 287); // at 5 minutes, not any more at midnight
  }

  @Test
  void withJitterTheyPartFromEachOther() {
    CostPlan plan = Cases.plan("--secrets", "5", "--instances", "100", "--rotations", "0");
    SimulatedDay day = FleetSimulation.day(plan, 20, 1);
    assertThat(day.busiestRefreshes(1).calls()).isBetween(8L, 40L); // 500 over a minute
    assertThat((double) day.refreshes()).isCloseTo(500 * 320.0, within(800.0));
  }

  @Test
  void theDayAgreesWithTheMonth() {
    CostPlan plan = Cases.plan("--secrets", "20", "--instances", "200", "--rotations", "0");
    double aDay = plan.refreshes().doubleValue() * 12 / 365;
    double simulated = FleetSimulation.day(plan, plan.jitterPercent(), 7).refreshes();
    assertThat(simulated / aDay).isCloseTo(1, within(0.005));
  }

  @Test
  void oneSeedIsOneDay() {
    CostPlan plan = Cases.plan("--secrets", "20", "--instances", "100");
    QuotaShare.Peak first = FleetSimulation.day(plan, 20, 5).busiestRefreshes(10);
    assertThat(FleetSimulation.day(plan, 20, 5).busiestRefreshes(10)).isEqualTo(first);
    assertThat(FleetSimulation.day(plan, 20, 6).refreshes())
        .isNotEqualTo(FleetSimulation.day(plan, 20, 5).refreshes());
  }

  @Test
  void aStartReadsEveryNameAndOpens() {
    CostPlan plan = Cases.plan("--secrets", "5", "--instances", "100", "--rotations", "0");
    SimulatedDay day = FleetSimulation.day(plan, 20, 1);
    assertThat(day.busiest(AZURE, QuotaCalls.READ, 1))
        .isEqualTo(new QuotaShare.Peak(600, MIDNIGHT));
    assertThat(day.busiest(AZURE, QuotaCalls.WRITE, 1).calls()).isZero();
  }

  @Test
  void aRotationPutsAndIsReadByAllWithinASecond() {
    CostPlan plan =
        Cases.plan("--secrets", "50", "--instances", "4", "--soft-age", "2d", "--starts", "0");
    SimulatedDay day = FleetSimulation.day(plan, 20, 1);
    assertThat(day.busiest(AZURE, QuotaCalls.WRITE, 1))
        .isEqualTo(new QuotaShare.Peak(50, FleetSimulation.NOON));
    assertThat(day.busiest(AZURE, QuotaCalls.ALL, 1))
        .isEqualTo(new QuotaShare.Peak(200 + 150, FleetSimulation.NOON));
  }

  @Test
  void spreadMakesTheBurstsFlat() {
    CostPlan plan = Cases.plan("--secrets", "10", "--instances", "1000", "--spread", "100s");
    SimulatedDay day = FleetSimulation.day(plan, 20, 1);
    assertThat(day.busiest(AZURE, QuotaCalls.ALL, 1).calls()).isBetween(110L, 250L);
  }

  @Test
  void aStretchIsCountedAcrossItsSeconds() {
    SimulatedDay day = new SimulatedDay();
    day.refresh(10);
    day.refresh(12);
    day.refresh(12);
    day.refresh(19);
    day.refresh(20);
    assertThat(day.busiestRefreshes(1)).isEqualTo(new QuotaShare.Peak(2, 12));
    assertThat(day.busiestRefreshes(9)).isEqualTo(new QuotaShare.Peak(4, 12));
    assertThat(day.busiestRefreshes(10).calls()).isEqualTo(4);
    assertThat(day.busiestRefreshes(11).calls()).isEqualTo(5);
  }

  @Test
  void whoeverWasRunningBeforeIsSpreadOverTheDay() {
    CostPlan plan =
        Cases.plan("--instances", "1000", "--secrets", "3", "--starts", "0", "--rotations", "0");
    SimulatedDay day = FleetSimulation.day(plan, 20, 1);
    assertThat(day.busiest(AZURE, QuotaCalls.ALL, 1).calls()).isLessThan(50);
  }

  @Test
  void whatWouldTakeMinutesIsRefused() {
    CostPlan plan = Cases.plan("--secrets", "1000", "--instances", "1000", "--soft-age", "1s");
    assertThatThrownBy(() -> FleetSimulation.day(plan, 20, 1))
        .hasMessageStartingWith(
            "Cannot simulate 86,401,000,000 refreshes a day (expected: at most");
  }

  @Test
  void sharesAreOfTheTimeOfTheQuota() {
    QuotaShare vault = Cases.figures("--backend", "azure").quotas().get(0);
    assertThat(vault.average()).isCloseTo(new BigDecimal("0.446"), within(new BigDecimal("0.001")));
    assertThat(vault.worst()).isEqualTo(21);
    assertThat(CostTable.percent(vault, BigDecimal.valueOf(vault.worst()))).isEqualTo("0.53 %");
    assertThat(CostTable.percent(vault, new BigDecimal("0.0001"))).isEqualTo("< 0.01 %");
    assertThat(CostTable.percent(vault, BigDecimal.ZERO)).isEqualTo("0 %");
  }
}
