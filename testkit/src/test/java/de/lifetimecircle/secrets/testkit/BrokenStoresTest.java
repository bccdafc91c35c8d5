package de.lifetimecircle.secrets.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract can fail: each defect is noticed by the tests that are there for it. */
final class BrokenStoresTest {

  @AfterEach
  void mend() {
    BrokenContract.defect = null;
    BrokenContract.excused = Map.of();
  }

  @ParameterizedTest
  @EnumSource(Defect.class)
  void defectIsNoticed(Defect defect) {
    BrokenContract.defect = defect;
    Launch launch = Launch.run(BrokenContract.class, defect.noticedBy());
    assertThat(launch.failures().keySet()).isEqualTo(defect.noticedBy());
  }

  @Test
  void sameTestsPassWithoutADefect() {
    Set<String> all = new LinkedHashSet<>();
    for (Defect defect : Defect.values()) {
      all.addAll(defect.noticedBy());
    }
    Launch launch = Launch.run(BrokenContract.class, all);
    assertThat(launch.failures()).isEmpty();
    assertThat(new LinkedHashSet<>(launch.passed())).isEqualTo(all);
  }

  @Test
  void reportNamesWhatFailed() {
    BrokenContract.defect = Defect.MISSING_IS_UNAVAILABLE;
    Launch.run(
        BrokenContract.class,
        Set.of(
            "missingNameIsNotFound",
            "checkAndDescribeTellFacts",
            "faultOnTheWireIsTypedAndInTime"));
    ContractReport report = BrokenContract.report;
    assertThat(report).isNotNull();
    assertThat(report.failed()).containsExactly("Error.missingNameIsNotFound");
    assertThat(report.passed()).containsExactly("Capability.checkAndDescribeTellFacts");
    assertThat(report.notApplicable()).hasSize(15);
    assertThat(report.line())
        .startsWith(
            "contract broken: 1 passed, 1 failed, 0 excused, 15 not applicable; cannot inject");
    assertThat(report.untested()).contains(Fault.RESET).doesNotContain(Fault.HANG);
    assertThat(report.table()).contains("| RESTORE | yes |").contains("| tests failed | 1 |");
    assertThat(report.json()).contains("\"failed\":[\"Error.missingNameIsNotFound\"]");
  }

  @Test
  void excusedTestIsCountedAndNamed() {
    BrokenContract.defect = Defect.MISSING_IS_UNAVAILABLE;
    BrokenContract.excused = Map.of("missingNameIsNotFound", "documented: 404; this one says 503");
    Launch launch =
        Launch.run(
            BrokenContract.class, Set.of("missingNameIsNotFound", "checkAndDescribeTellFacts"));
    assertThat(launch.failures()).isEmpty();
    ContractReport report = BrokenContract.report;
    assertThat(report).isNotNull();
    assertThat(report.excused())
        .containsExactly(
            Map.entry("Error.missingNameIsNotFound", "documented: 404; this one says 503"));
    assertThat(report.line())
        .isEqualTo(
            "contract broken: 1 passed, 0 failed, 1 excused, 0 not applicable; excused,"
                + " documented: 404, this one says 503: Error.missingNameIsNotFound");
  }

  @Test
  void excuseThatIsNotNeededFailsTheRun() {
    BrokenContract.excused =
        Map.of("nameIsRefusedOrKept[odd = DOT]", "one case", "missingNameIsNotFound", "no need");
    Launch launch = Launch.run(BrokenContract.class, Set.of("missingNameIsNotFound"));
    assertThat(launch.failures()).containsOnlyKeys("missingNameIsNotFound");
  }

  @Test
  void oneCaseOfARepeatedTestIsExcusedByItsName() {
    BrokenContract.excused = Map.of("nameIsRefusedOrKept[odd = DOT]", "no need");
    Launch launch = Launch.run(BrokenContract.class, Set.of("nameIsRefusedOrKept"));
    assertThat(launch.failures().get("nameIsRefusedOrKept"))
        .singleElement()
        .satisfies(e -> assertThat(e).hasMessageContaining("needs no excuse any more"));
  }

  @Test
  void excuseOfATestThatDoesNotExistFailsTheRun() {
    BrokenContract.excused = Map.of("missingNameIsNotFond[1]", "a mistake", "closesTwice", "gone");
    Launch launch = Launch.run(BrokenContract.class, Set.of("missingNameIsNotFound"));
    assertThat(launch.failures()).containsOnlyKeys("BrokenContract");
    assertThat(launch.failures().get("BrokenContract"))
        .singleElement()
        .satisfies(
            e ->
                assertThat(e)
                    .hasMessage(
                        "excuses: [closesTwice, missingNameIsNotFond[1]]"
                            + " (expected: names of tests)"));
  }
}
