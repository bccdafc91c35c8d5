package de.lifetimecircle.secrets.decision.report;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.decision.results.ComparisonRun;
import de.lifetimecircle.secrets.decision.results.Comparisons;
import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.Participant;
import de.lifetimecircle.secrets.decision.results.ResultFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The comparison that is kept in docs/decision is whole, and says nothing of who ran it. */
class KeptRunTest {
  private static final Path KEPT = Path.of("../docs/decision");

  /** Folders of a machine, addresses of its servers, and what a value of a run begins with. */
  private static final Pattern OF_THE_MACHINE =
      Pattern.compile(
          "(?<![a-z])/(root|home|tmp|work|Users)/|127\\.0\\.0\\.1|localhost:|bench-value-|BEGIN PGP");

  @Test
  void everythingWasMeasuredOnEveryBackend() {
    ComparisonRun kept = ResultFile.read(KEPT.resolve("compare.json"));
    assertThat(kept.complete()).isTrue();
    assertThat(kept.extent()).isEqualTo("full");
    assertThat(kept.failures()).allMatch(MeasuredChapter::isOmission);
    assertThat(kept.machine()).containsKeys("processor", "cores", "memory", "jdk", "commit");
    assertThat(kept.participants())
        .extracting(Participant::name)
        .containsExactlyInAnyOrderElementsOf(Comparisons.NAMES);
    for (String name : Comparisons.NAMES) {
      List<String> measured =
          kept.measurements().stream()
              .filter(m -> m.participant().equals(name))
              .map(Measurement::id)
              .distinct()
              .toList();
      assertThat(measured)
          .as(name)
          .containsAll(
              MeasuredChapter.ORDER.stream()
                  .filter(id -> !name.equals("gpg") || !id.equals("throttle"))
                  .toList())
          .contains("jmh-cold-get", "jmh-batch-20", "jmh-get-by-version", "jmh-put", "jmh-list");
    }
  }

  @Test
  void theDraftSaysWhatTheReportSays() throws IOException {
    ComparisonRun kept = ResultFile.read(KEPT.resolve("compare.json"));
    for (Locale language : ReportText.LANGUAGES) {
      ReportText words = ReportText.of(language);
      String choice =
          words.backend(BackendRanking.of(Subjects.of(kept)).winner().orElseThrow().scheme());
      String draft = Files.readString(KEPT.resolve("adr." + words.language() + ".md"));
      String page = Files.readString(KEPT.resolve("report." + words.language() + ".html"));
      assertThat(draft).startsWith("# " + words.text("decision.label") + " " + choice);
      assertThat(page).contains("<p class=\"choice\">" + choice + "</p>");
    }
  }

  @Test
  void nothingOfTheMachineButWhatItIsAndNoCredentialIsKept() throws IOException {
    try (Stream<Path> files = Files.list(KEPT)) {
      for (Path file : files.toList()) {
        assertThat(Files.readString(file))
            .as(file.toString())
            .doesNotContainPattern(OF_THE_MACHINE);
      }
    }
  }
}
