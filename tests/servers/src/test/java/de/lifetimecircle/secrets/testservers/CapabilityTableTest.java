package de.lifetimecircle.secrets.testservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.testkit.ContractReport;
import de.lifetimecircle.secrets.testkit.StoreLimits;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The table says what the reports say, between its marks, and leaves the rest alone. */
final class CapabilityTableTest {
  private static final String MARKED =
      """
      # Backends
      <!-- capabilities: made from the contract runs -->
      old
      <!-- capabilities: end -->
      after
      """;

  private static String report(String backend, Capability... declared) {
    return new ContractReport(
            backend,
            backend + " 1.0",
            Set.of(declared),
            List.of("one"),
            List.of(),
            Map.of(),
            Map.of(),
            Set.of(),
            StoreLimits.of(1000, 100),
            Map.of())
        .json();
  }

  @Test
  void tableHasAColumnForEachReport() {
    String table =
        CapabilityTable.of(
            List.of(report("a", Capability.WRITE), report("b", Capability.WRITE, Capability.LIST)));
    assertThat(table)
        .startsWith("|  | a | b |\n|---|---|---|\n")
        .contains("| LIST | - | yes |\n", "| WRITE | yes | yes |\n", "| PURGE | - | - |\n")
        .contains("| largest value, bytes | 1000 | 1000 |\n")
        .endsWith("| shown on | a 1.0 | b 1.0 |\n");
  }

  @Test
  void jsonHasALineForEachReport() {
    assertThat(CapabilityTable.json(List.of(report("a", Capability.WRITE), report("b"))))
        .isEqualTo(
            """
            [
              {"backend":"a","server":"a 1.0","declared":["WRITE"],"maxBytes":1000,"maxName":100,"retained":10},
              {"backend":"b","server":"b 1.0","declared":[],"maxBytes":1000,"maxName":100,"retained":10}
            ]
            """);
  }

  @Test
  void onlyWhatIsBetweenTheMarksIsReplaced() {
    assertThat(CapabilityTable.replaced(MARKED, "new\n"))
        .isEqualTo(MARKED.replace("old\n", "new\n"));
  }

  @Test
  void documentWithoutMarksIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CapabilityTable.replaced("# Backends\n", "new\n"));
  }
}
