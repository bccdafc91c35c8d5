package de.lifetimecircle.secrets.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.spi.Json;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class BenchReportTest {
  private static final Map<String, String> MACHINE = Map.of("cores", "2");
  private static final BenchFigure MAP = BenchFigure.information("a", "map", 6.1, "ns");
  private static final BenchFigure FAST =
      BenchFigure.compared("a", "get", 6.5, "ns", 6.25, Limit.atMost(1.25));
  private static final BenchFigure SLOW =
      BenchFigure.compared("b", "handle", 2.75, "ns", 0.55, Limit.atMost(3)).noted("reads twice");

  @Test
  void whatDoesNotHoldComesFirstWithItsReason() {
    String table = new BenchReport(MACHINE, List.of(MAP, FAST, SLOW)).table();
    assertThat(table)
        .startsWith("Does not hold:\n  b  handle: 5 (expected: ratio <= 3): reads twice\n");
    assertThat(table).endsWith("1 of 2 goals hold\n");
  }

  @Test
  void theTableShowsFigureRatioBoundAndWhetherItHolds() {
    String table = new BenchReport(MACHINE, List.of(MAP, FAST, SLOW)).table();
    assertThat(table.lines().map(line -> line.replaceAll(" +", " ")))
        .contains(
            "goal what figure unit ratio bound holds note",
            "a map 6.1 ns",
            "a get 6.5 ns 1.04 ratio <= 1.25 yes",
            "b handle 2.75 ns 5 ratio <= 3 NO reads twice",
            "cores=2");
  }

  @Test
  void aGoalHoldsWhenEachOfItsFiguresDoes() {
    BenchFigure bytes = BenchFigure.checked("a", "get", 24, "B/op", Limit.exactly(0));
    assertThat(new BenchReport(MACHINE, List.of(FAST, bytes, FAST)).goals())
        .containsEntry("a", false);
    assertThat(new BenchReport(MACHINE, List.of(MAP, FAST)).holds()).isTrue();
  }

  @Test
  void nothingMeasuredIsNotSuccess() {
    assertThat(new BenchReport(MACHINE, List.of()).holds()).isFalse();
    assertThat(new BenchReport(MACHINE, List.of(MAP)).holds()).isFalse();
  }

  @Test
  void theJsonTellsTheSameAsTheTable() {
    BenchFigure lost = BenchFigure.missing("c", "suite \"cold\"\n", "no server");
    Object json = Json.parse(new BenchReport(MACHINE, List.of(FAST, lost)).json());
    assertThat(json)
        .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
        .containsEntry("machine", MACHINE)
        .containsEntry("goals", Map.of("a", true, "c", false))
        .extractingByKey("figures", InstanceOfAssertFactories.list(Object.class))
        .containsExactly(
            Map.of(
                "goal",
                "a",
                "what",
                "get",
                "figure",
                new BigDecimal("6.5"),
                "unit",
                "ns",
                "beside",
                new BigDecimal("6.25"),
                "ratio",
                new BigDecimal("1.04"),
                "bound",
                Map.of("of", "ratio", "is", "<=", "limit", new BigDecimal("1.25")),
                "holds",
                true),
            missing("suite \"cold\"\n"));
  }

  @Test
  void aReportIsReadAsItWasWritten() {
    BenchFigure bytes =
        BenchFigure.checked("l", "provider", 388, "B", Limit.atMost(382.4)).besides(178).noted("x");
    BenchFigure lost = BenchFigure.missing("c", "suite \"cold\"", "no server");
    BenchReport report = new BenchReport(MACHINE, List.of(MAP, FAST, SLOW, bytes, lost));
    assertThat(BenchReport.of(report.json())).isEqualTo(report);
    assertThatThrownBy(() -> BenchReport.of("{}")).isInstanceOf(IllegalArgumentException.class);
  }

  private static Map<String, Object> missing(String what) {
    Map<String, Object> fields = new HashMap<>();
    fields.put("goal", "c");
    fields.put("what", what);
    fields.put("figure", null);
    fields.put("unit", "");
    fields.put("bound", Map.of("of", "figure", "is", "=", "limit", new BigDecimal("0.0")));
    fields.put("holds", false);
    fields.put("note", "no server");
    return fields;
  }
}
