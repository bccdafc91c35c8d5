package de.lifetimecircle.secrets.decision.report;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.decision.page.HtmlPage;
import de.lifetimecircle.secrets.decision.page.MarkdownPage;
import de.lifetimecircle.secrets.decision.page.PageBlock;
import de.lifetimecircle.secrets.decision.page.Table;
import de.lifetimecircle.secrets.decision.results.ComparisonRun;
import de.lifetimecircle.secrets.decision.results.Comparisons;
import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.files.HtmlText;
import java.io.StringReader;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.InputSource;

class PagesTest {
  @ParameterizedTest
  @ValueSource(strings = {"de", "en"})
  void thePageNeedsNoOtherFileAndNoScript(String language) {
    String html = html(Subjects.sample(), language);
    assertThat(html)
        .startsWith("<!DOCTYPE html>\n<html lang=\"" + language + "\">")
        .doesNotContain("<script", "<img", "<iframe", "@import", "url(http", "href=\"http");
    assertThat(Pattern.compile("(?:src|href)=\"(?!data:,)").matcher(html).find()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"de", "en"})
  void everyPlotIsFollowedByItsTableAndSaysWhatItShows(String language) throws Exception {
    String html = html(Subjects.sample(), language);
    Matcher plot =
        Pattern.compile("<figure>\n(<svg .*?</svg>).*?</figure>\n(.{12})", Pattern.DOTALL)
            .matcher(html);
    int plots = 0;
    while (plot.find()) {
      plots++;
      assertThat(plot.group(1)).contains("<title id=", "<desc id=");
      assertThat(plot.group(2)).isEqualTo("<div class=\"");
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(plot.group(1)))); // well-formed, or it throws
    }
    assertThat(plots).isEqualTo(4);
    assertThat(html.split("<svg ", -1)).hasSize(plots + 1);
  }

  @Test
  void everyTableSaysInItsHeadWhatWasReal() {
    for (Language language : Language.values()) {
      for (PageBlock block :
          DecisionPages.of(Subjects.sample()).report(new ReportText(language)).blocks()) {
        if (block instanceof Table grid) {
          assertThat(grid.note()).as(grid.caption()).isNotEmpty();
        } else if (block instanceof PageBlock.Figure figure) {
          assertThat(figure.numbers().note()).as(figure.numbers().caption()).isNotEmpty();
        }
      }
    }
    String markdown = markdown(Subjects.sample(), "en");
    assertThat(markdown)
        .contains("*Real: vault and gpg. Emulated: aws-moto, aws-ministack and azure; the latency");
  }

  @Test
  void whatOverlapsHasNoRankAndIsNamed() {
    String markdown = markdown(Subjects.sample(), "en");
    assertThat(markdown)
        .contains("No ranking, because the intervals overlap: aws-moto and aws-ministack;")
        .contains("azure and vault");
    Measurement one = Comparisons.sample().measurements().get(0);
    assertThat(MeasuredTable.overlapping(List.of(one, one))).hasSize(1);
  }

  /** Each call of the open loop stands beside the same call by JMH. */
  @Test
  void theCallsByJmhAreOneTableWithTheOpenLoopBesideThem() {
    List<String> rows =
        markdown(Subjects.sample(), "en")
            .lines()
            .dropWhile(line -> !line.startsWith("| Call | Participant | Median"))
            .skip(2)
            .takeWhile(line -> line.startsWith("|"))
            .toList();
    assertThat(rows).hasSize(7 * Comparisons.NAMES.size());
    assertThat(rows)
        .contains(
            "| Put | vault | 3.16 ms | 3.03 ms … 3.29 ms | 6.32 ms | 4,000 | 3.79 ms |",
            "| Read without a cache | gpg | 190 µs | 182 µs … 198 µs | 380 µs | 4,000 | 190 µs |");
  }

  @Test
  void theFirstPageHasTheDecisionThreeReasonsTheMachineAndAPlaceToSign() {
    String markdown = markdown(Subjects.sample(), "de");
    String first = markdown.substring(0, markdown.indexOf("\n## Punkte"));
    assertThat(first)
        .contains("**Wir gehen mit: AWS Secrets Manager**")
        .contains("1. Eignung nur AWS: 5,0 gegenüber 2,0 Punkten von Azure Key Vault")
        .contains("Bericht vom 26. November 2026. Volllauf vom 25. November 2026 auf A processor")
        .contains(
            "Empfindlichkeit: Am ehesten ändert das Gewicht „Eignung Multi-Cloud“ den Sieger;")
        .contains("Unterschrift: ____")
        .contains("antwortete ein Nachbau");
    assertThat(first.split("\n1\\. ", -1)).hasSize(4);
  }

  @Test
  void anOldPriceAnIncompleteRunAndAFailureWarnOnTheFirstPage() {
    ReportSubject subject = Subjects.on(Comparisons.incomplete(), Subjects.TODAY.plusYears(1));
    String markdown = markdown(subject, "en");
    assertThat(markdown.substring(0, markdown.indexOf("\n## Points")))
        .contains("prices or quotas are older than 180 days", "aws.dollars-per-secret-month")
        .contains("The comparison is incomplete")
        .contains("- Cannot measure gpg: its folder cannot be written.")
        .contains("Quick run: intervals are wider");
  }

  @Test
  void whatOthersWroteHasNoMeaningInHtmlOrMarkdown() {
    ComparisonRun hostile = Subjects.hostile();
    for (String language : List.of("de", "en")) {
      assertThat(html(Subjects.of(hostile), language))
          .doesNotContain("<script", "\u202e", "\u0007")
          .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;");
      assertThat(markdown(Subjects.of(hostile), language))
          .doesNotContain("<script", "\u202e", "\u0007", "\"|")
          .contains("line break");
    }
  }

  /** A report is made from figures; this shows that nothing else of the run gets into it. */
  @Test
  void onlyWhatTheResultFileHoldsIsInTheReport() {
    String html = html(Subjects.sample(), "en");
    for (Measurement measurement : Comparisons.sample().measurements()) {
      assertThat(html).contains(HtmlText.of(measurement.participant()));
    }
    assertThat(html).doesNotContain(System.getProperty("user.home") + "/");
  }

  @Test
  void aComparisonWithoutAnyFigureIsStillAReport() {
    ReportSubject nothing = Subjects.of(Subjects.with(List.of()));
    assertThat(html(nothing, "de")).contains("Wir gehen mit:").contains("plot-cost");
    assertThat(html(nothing, "de")).doesNotContain("plot-latency", "plot-distance");
  }

  private static String html(ReportSubject subject, String language) {
    return HtmlPage.of(
        DecisionPages.of(subject).report(new ReportText(Language.of(language).orElseThrow())));
  }

  private static String markdown(ReportSubject subject, String language) {
    return MarkdownPage.of(
        DecisionPages.of(subject).report(new ReportText(Language.of(language).orElseThrow())));
  }
}
