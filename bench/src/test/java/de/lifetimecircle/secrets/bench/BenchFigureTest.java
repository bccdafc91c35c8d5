package de.lifetimecircle.secrets.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchFigureTest {
  @ParameterizedTest
  @CsvSource({"0.5523,0.552", "6,6", "1.256,1.26", "19800,19800", "386.4,386", "0,0", "NaN,-"})
  void aNumberHasThreeDigitsThatCount(double number, String text) {
    assertThat(BenchFigure.number(number)).isEqualTo(text);
  }

  @Test
  void theLimitItselfIsWithinABound() {
    assertThat(GoalBound.atMost(1.25).holds(1.25)).isTrue();
    assertThat(GoalBound.atMost(1.25).holds(1.2501)).isFalse();
    assertThat(GoalBound.atLeast(20).holds(20)).isTrue();
    assertThat(GoalBound.atLeast(20).holds(19.99)).isFalse();
    assertThat(GoalBound.exactly(1).holds(1)).isTrue();
    assertThat(GoalBound.exactly(1).holds(2)).isFalse();
  }

  @Test
  void whatCouldNotBeMeasuredHoldsNoBound() {
    assertThat(GoalBound.atMost(1).holds(Double.NaN)).isFalse();
    assertThat(GoalBound.atLeast(1).holds(Double.NaN)).isFalse();
    assertThat(BenchFigure.missing("f", "suite herd", "no server").holds()).isFalse();
  }

  @Test
  void theBoundIsForTheRatioWhereThereIsOne() {
    assertThat(BenchFigure.compared("a", "get", 100, "ns", 1, GoalBound.atMost(1.25)).holds())
        .isTrue();
    assertThat(BenchFigure.checked("a", "get", 100, "ns", GoalBound.atMost(1.25)).holds())
        .isFalse();
    assertThat(BenchFigure.information("a", "get", 100, "ns").besides(50).ratio()).isEqualTo(2);
  }
}
