package de.lifetimecircle.secrets.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class BenchProgramTest {
  private static final BenchFigure HELD =
      BenchFigure.checked("a", "calls", 1, "calls", Limit.exactly(1));

  private record Told(String name, List<String> goals, Callable<List<BenchFigure>> answer)
      implements BenchSuite {
    @Override
    public List<BenchFigure> run(BenchMode mode) throws Exception {
      return answer.call();
    }
  }

  private static final BenchSuite HOT = new Told("hot", List.of("a"), () -> List.of(HELD));
  private static final BenchSuite COLD = new Told("cold", List.of("c", "e2"), List::of);

  @Test
  void aSuiteThatMeasuresItsGoalsIsReportedAsItIs() {
    assertThat(BenchProgram.measured(HOT, BenchMode.QUICK)).containsExactly(HELD);
  }

  @Test
  void aGoalThatTheSuiteLeftOutDoesNotHold() {
    assertThat(BenchProgram.measured(COLD, BenchMode.QUICK))
        .extracting(BenchFigure::goal, BenchFigure::holds)
        .containsExactly(tuple("c", false), tuple("e2", false));
  }

  @Test
  void aSuiteThatThrowsHoldsNoGoalAndSaysWhy() {
    BenchSuite broken =
        new Told(
            "cold",
            List.of("c"),
            () -> {
              throw new IllegalStateException("no server");
            });
    assertThat(BenchProgram.measured(broken, BenchMode.FULL))
        .singleElement()
        .satisfies(figure -> assertThat(figure.holds()).isFalse())
        .satisfies(figure -> assertThat(figure.note()).contains("no server"));
  }

  @Test
  void theCommandLineNamesSuiteModeAndFile() {
    BenchRequest request =
        BenchRequest.of(List.of("cold", "--quick", "--json", "x.json"), List.of(HOT, COLD));
    assertThat(request)
        .isEqualTo(new BenchRequest(List.of(COLD), BenchMode.QUICK, Path.of("x.json")));
    assertThat(BenchRequest.of(List.of("hot", "--smoke"), List.of(HOT, COLD)))
        .isEqualTo(new BenchRequest(List.of(HOT), BenchMode.SMOKE, null));
    assertThat(BenchRequest.of(List.of("all"), List.of(HOT, COLD)))
        .isEqualTo(new BenchRequest(List.of(HOT, COLD), BenchMode.FULL, null));
  }

  @Test
  void aWrongCommandLineIsRefused() {
    for (List<String> wrong :
        List.of(
            List.<String>of(),
            List.of("warm"),
            List.of("hot", "cold"),
            List.of("hot", "--json"),
            List.of("hot", "--slow"))) {
      assertThatThrownBy(() -> BenchRequest.of(wrong, List.of(HOT, COLD)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
