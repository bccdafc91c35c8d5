package de.lifetimecircle.secrets.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    assertThat(Limit.atMost(1.25).holds(1.25)).isTrue();
    assertThat(Limit.atMost(1.25).holds(1.2501)).isFalse();
    assertThat(Limit.atLeast(20).holds(20)).isTrue();
    assertThat(Limit.atLeast(20).holds(19.99)).isFalse();
    assertThat(Limit.exactly(1).holds(1)).isTrue();
    assertThat(Limit.exactly(1).holds(2)).isFalse();
  }

  @Test
  void whatCouldNotBeMeasuredHoldsNoBound() {
    assertThat(Limit.atMost(1).holds(Double.NaN)).isFalse();
    assertThat(Limit.atLeast(1).holds(Double.NaN)).isFalse();
    assertThat(BenchFigure.missing("f", "suite herd", "no server").holds()).isFalse();
  }

  @Test
  void theTypeOfABoundSaysWhichNumberItBounds() {
    assertThat(BenchFigure.compared("a", "get", 100, "ns", 100, Limit.atMost(1.25)).holds())
        .isTrue();
    assertThat(BenchFigure.checked("a", "get", 100, "ns", Limit.atMost(1.25)).holds()).isFalse();
    assertThat(BenchFigure.information("a", "get", 100, "ns").besides(50).ratio()).hasValue(2);
  }

  /** As goal l did: 388 bytes, a bound of 382, and a ratio of 2.18 that was compared with it. */
  @Test
  void aFigureBesideAnotherKeepsItsOwnBound() {
    BenchFigure figure =
        BenchFigure.checked("l", "a provider", 388, "B/name", Limit.atMost(382)).besides(178);
    assertThat(figure.ratio().getAsDouble()).isBetween(2.17, 2.19);
    assertThat(figure.holds()).isFalse();
  }

  @Test
  void aBoundOfARatioNeedsARatio() {
    assertThatThrownBy(
            () ->
                new BenchFigure(
                    "a", "get", 1, "ns", null, new GoalBound.OnRatio(Limit.atMost(1)), ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("get");
  }
}
