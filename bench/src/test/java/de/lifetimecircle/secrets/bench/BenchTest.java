package de.lifetimecircle.secrets.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class BenchTest {
  private static final Figure HELD = Figure.checked("a", "calls", 1, "calls", Bound.exactly(1));

  private record Told(String name, String goals, Callable<List<Figure>> answer) implements Suite {
    @Override
    public List<Figure> run(Mode mode) throws Exception {
      return answer.call();
    }
  }

  private static final Suite HOT = new Told("hot", "a", () -> List.of(HELD));
  private static final Suite COLD = new Told("cold", "cd", List::of);

  @Test
  void aSuiteThatMeasuresItsGoalsIsReportedAsItIs() {
    assertThat(Bench.measured(HOT, Mode.QUICK)).containsExactly(HELD);
  }

  @Test
  void aGoalThatTheSuiteLeftOutDoesNotHold() {
    assertThat(Bench.measured(COLD, Mode.QUICK))
        .extracting(Figure::goal, Figure::holds)
        .containsExactly(tuple("c", false), tuple("d", false));
  }

  @Test
  void aSuiteThatThrowsHoldsNoGoalAndSaysWhy() {
    Suite broken =
        new Told(
            "cold",
            "c",
            () -> {
              throw new IllegalStateException("no server");
            });
    assertThat(Bench.measured(broken, Mode.FULL))
        .singleElement()
        .satisfies(figure -> assertThat(figure.holds()).isFalse())
        .satisfies(figure -> assertThat(figure.note()).contains("no server"));
  }

  @Test
  void theCommandLineNamesSuiteModeAndFile() {
    Request request =
        Request.of(List.of("cold", "--quick", "--json", "x.json"), List.of(HOT, COLD));
    assertThat(request).isEqualTo(new Request(List.of(COLD), Mode.QUICK, Path.of("x.json")));
    assertThat(Request.of(List.of("all"), List.of(HOT, COLD)))
        .isEqualTo(new Request(List.of(HOT, COLD), Mode.FULL, null));
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
      assertThatThrownBy(() -> Request.of(wrong, List.of(HOT, COLD)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
