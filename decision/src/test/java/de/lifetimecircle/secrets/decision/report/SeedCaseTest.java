package de.lifetimecircle.secrets.decision.report;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.decision.page.MarkdownPage;
import de.lifetimecircle.secrets.operations.documents.Language;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The report's figures are those that docs/cost.md calculates by hand. */
class SeedCaseTest {
  private static List<String> document = List.of();
  private static List<String> report = List.of();

  @BeforeAll
  static void read() throws IOException {
    document = Files.readAllLines(Path.of("../docs/cost.md"));
    report =
        MarkdownPage.of(
                DecisionPages.of(Subjects.sample()).report(new ReportText(Language.ENGLISH)))
            .lines()
            .toList();
  }

  @Test
  void dollars() {
    assertThat(numbers(report, "| Backend | secrets | calls"))
        .hasSize(4)
        .isEqualTo(numbers(document, "| backend | secrets | calls"));
  }

  /** The document also has the calls by what makes them, and two decimals. */
  @Test
  void calls() {
    List<List<String>> byHand = numbers(document, "| backend | refreshes");
    List<List<String>> shown = numbers(report, "| Backend | a month | a second");
    for (int i = 0; i < byHand.size(); i++) {
      List<String> hand = byHand.get(i);
      assertThat(shown.get(i))
          .containsExactly(
              String.format(Locale.ROOT, "%,.0f", Double.parseDouble(hand.get(4).replace(",", ""))),
              hand.get(5),
              hand.get(6));
    }
    assertThat(byHand).hasSize(3);
  }

  @Test
  void theFleet() {
    List<List<String>> byHand = numbers(document, "| quota | allows");
    List<List<String>> shown = numbers(report, "| Quota | allows | busiest");
    assertThat(shown).hasSameSizeAs(byHand);
    for (int i = 0; i < byHand.size(); i++) {
      List<String> cells = byHand.get(i).stream().map(c -> c.isEmpty() ? "–" : c).toList();
      // "4,000 calls in 10 s" is "4,000 in 10 s" in the report
      assertThat(shown.get(i).subList(1, 5)).isEqualTo(cells.subList(1, 5));
    }
  }

  /** The cells behind the first column of the table with that head. */
  private static List<List<String>> numbers(List<String> lines, String head) {
    return lines.stream()
        .dropWhile(line -> !line.startsWith(head))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> Arrays.stream(line.split("\\|", -1)).map(String::strip).toList())
        .map(cells -> cells.subList(2, cells.size() - 1))
        .toList();
  }
}
