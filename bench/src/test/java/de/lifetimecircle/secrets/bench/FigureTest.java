package de.lifetimecircle.secrets.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FigureTest {
  @ParameterizedTest
  @CsvSource({"0.5523,0.552", "6,6", "1.256,1.26", "19800,19800", "386.4,386", "0,0", "NaN,-"})
  void aNumberHasThreeDigitsThatCount(double number, String text) {
    assertThat(Figure.number(number)).isEqualTo(text);
  }

  @Test
  void theLimitItselfIsWithinABound() {
    assertThat(Bound.atMost(1.25).holds(1.25)).isTrue();
    assertThat(Bound.atMost(1.25).holds(1.2501)).isFalse();
    assertThat(Bound.atLeast(20).holds(20)).isTrue();
    assertThat(Bound.atLeast(20).holds(19.99)).isFalse();
    assertThat(Bound.exactly(1).holds(1)).isTrue();
    assertThat(Bound.exactly(1).holds(2)).isFalse();
  }

  @Test
  void whatCouldNotBeMeasuredHoldsNoBound() {
    assertThat(Bound.atMost(1).holds(Double.NaN)).isFalse();
    assertThat(Bound.atLeast(1).holds(Double.NaN)).isFalse();
    assertThat(Figure.missing("f", "suite herd", "no server").holds()).isFalse();
  }

  @Test
  void theBoundIsForTheRatioWhereThereIsOne() {
    assertThat(Figure.compared("a", "get", 100, "ns", 1, Bound.atMost(1.25)).holds()).isTrue();
    assertThat(Figure.checked("a", "get", 100, "ns", Bound.atMost(1.25)).holds()).isFalse();
    assertThat(Figure.information("a", "get", 100, "ns").besides(50).ratio()).isEqualTo(2);
  }
}
