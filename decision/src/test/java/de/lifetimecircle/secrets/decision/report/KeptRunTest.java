package de.lifetimecircle.secrets.decision.report;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.decision.results.ComparisonRun;
import de.lifetimecircle.secrets.decision.results.Comparisons;
import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.Participant;
import de.lifetimecircle.secrets.decision.results.ResultFile;
import de.lifetimecircle.secrets.decision.results.ResultText;
import de.lifetimecircle.secrets.operations.documents.Language;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The comparison that is kept in docs/decision is whole, and says nothing of who ran it. */
class KeptRunTest {
  private static final Path KEPT = Path.of("../docs/decision");

  /** Folders of a machine, addresses of its servers, and what a value of a run begins with. */
  private static final Pattern OF_THE_MACHINE =
      Pattern.compile(
          "(?<![a-z])/(root|home|tmp|work|Users)/|127\\.0\\.0\\.1|localhost:|bench-value-|BEGIN"
              + " PGP");

  @Test
  void everythingWasMeasuredOnEveryBackend() {
    ComparisonRun kept = ResultFile.read(KEPT.resolve("compare.json"));
    assertThat(kept.complete()).isTrue();
    assertThat(kept.extent()).isEqualTo("full");
    assertThat(kept.failures()).allMatch(ResultText::isOmission);
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
  void theReportSaysWhatTheFiguresSay() throws IOException {
    ComparisonRun kept = ResultFile.read(KEPT.resolve("compare.json"));
    for (Language language : Language.values()) {
      ReportText words = new ReportText(language);
      String choice =
          words.backend(BackendRanking.of(Subjects.of(kept)).winner().orElseThrow().scheme());
      String page = Files.readString(KEPT.resolve("report." + language.code() + ".html"));
      assertThat(page).contains("<p class=\"choice\">" + choice + "</p>");
    }
  }

  /** One page for each language, and the figures that they are made from. */
  @Test
  void nothingIsKeptTwice() throws IOException {
    try (Stream<Path> files = Files.list(KEPT)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "README.md", "compare.json", "report.de.html", "report.en.html");
    }
  }

  /** A key without a text would show up in the report as it is. */
  @Test
  void everyStatementHasAText() {
    ResourceBundle texts =
        ResourceBundle.getBundle(ResultText.class.getPackageName() + ".results", Locale.ENGLISH);
    ComparisonRun kept = ResultFile.read(KEPT.resolve("compare.json"));
    Set<ResultText> statements = new HashSet<>(kept.noise().keySet());
    statements.addAll(kept.failures());
    kept.participants().forEach(each -> statements.add(each.server()));
    for (Measurement each : kept.measurements()) {
      statements.add(each.warmUp());
      statements.addAll(each.notes());
    }
    assertThat(statements).isNotEmpty().allMatch(each -> texts.containsKey(each.key()));
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
