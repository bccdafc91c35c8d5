package de.lifetimecircle.secrets.decision.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.decision.results.ComparisonRun;
import de.lifetimecircle.secrets.decision.results.Comparisons;
import de.lifetimecircle.secrets.decision.results.DeepFolder;
import de.lifetimecircle.secrets.decision.results.ResultFile;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.spi.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportProgramTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir Path folder;

  /** {@code secrets status} reads it, and not the words of a language. */
  private static final String FIELD = "<!-- secrets decision 1 backend=aws status=draft -->\n";

  private Path result = Path.of("unset");
  private Path reports = Path.of("unset");

  @BeforeEach
  void measure() {
    result = folder.resolve("compare.json");
    reports = folder.resolve("report");
    ResultFile.write(result, Comparisons.sample());
  }

  @Test
  void bothLanguagesAreWrittenAsHtmlMarkdownAndRecordAndTheFiguresAsJson() throws IOException {
    assertThat(run(Subjects.TODAY)).isZero();
    assertThat(reports.toFile().list())
        .containsExactlyInAnyOrder(
            "report.de.html",
            "report.en.html",
            "report.de.md",
            "report.en.md",
            "adr.de.md",
            "adr.en.md",
            "report.json",
            "decision.properties",
            "prices.properties");
    assertThat(Files.readString(reports.resolve("adr.de.md")))
        .startsWith(FIELD + "# Wir gehen mit: AWS Secrets Manager\n")
        .contains("## Gründe", "## Die anderen", "## Was unsere Meinung ändern würde");
    assertThat(Files.readString(reports.resolve("adr.en.md")))
        .startsWith(FIELD + "# We go with: AWS Secrets Manager\n");
    assertThat(out.toString(UTF_8)).contains(reports.resolve("report.de.html").toString());
    assertThat(err.toString(UTF_8)).isEmpty();
  }

  @Test
  void theJsonHasTheSameDecisionAndEveryMeasurement() throws IOException {
    assertThat(run(Subjects.TODAY, "--lang", "en")).isZero();
    assertThat(Json.parse(Files.readString(reports.resolve("report.json"))))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsKeys("decision", "turns", "costs", "fleet", "overlaps", "warnings", "judgements")
        .extractingByKey("measurements", InstanceOfAssertFactories.LIST)
        .hasSameSizeAs(Comparisons.sample().measurements());
    assertThat(reports.resolve("report.de.html")).doesNotExist();
  }

  /** The sample that bench/browser/run opens; it has a measured set-up and every warning. */
  @Test
  void theSampleForTheBrowserIsWritten() throws IOException {
    ReportSubject subject = Subjects.withSetUp();
    Path sample = Files.createDirectories(Path.of("target/report-sample"));
    ReportProgram.files(subject, List.of(Language.values()))
        .forEach((name, text) -> assertThat(written(sample.resolve(name), text)).isNotEmptyFile());
    assertThat(Files.readString(sample.resolve("report.en.md")))
        .contains("Measured: 1.23 s in 2 steps on this machine.");
  }

  /** The figures of the kept run in the shape of today, for the browser as well. */
  @Test
  void theKeptRunInTheShapeOfTodayIsWrittenForTheBrowser() throws IOException {
    Path sample = Files.createDirectories(Path.of("target/report-sample"));
    ComparisonRun kept = ResultFile.read(Path.of("../docs/decision/compare.json"));
    String page =
        ReportProgram.files(Subjects.of(kept), List.of(Language.GERMAN)).get("report.de.html");
    assertThat(page).contains("Dieselben Aufrufe mit JMH", "Umlaufzeit + 120 ms");
    assertThat(written(sample.resolve("kept.de.html"), page)).isNotEmptyFile();
  }

  private static Path written(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theSameInputGivesTheSameReport() {
    ReportSubject subject = Subjects.sample();
    assertThat(ReportProgram.files(subject, List.of(Language.values())))
        .isEqualTo(ReportProgram.files(Subjects.sample(), List.of(Language.values())));
  }

  @Test
  void thePlanIsPassedOnAndTheLargeFleetKeepsItsSize() throws IOException {
    assertThat(run(Subjects.TODAY, "--lang", "en", "--secrets", "7", "--soft-age", "10m")).isZero();
    assertThat(Files.readString(reports.resolve("report.en.md")))
        .contains("Calculated for: 7 secrets, 4 instances")
        .contains("A simulated day with: 20 secrets, 1,000 instances")
        .contains("refreshed every 10 min");
  }

  @Test
  void badInputIsOneSentenceAndNothingElse() throws IOException {
    Path old = folder.resolve("old.json");
    Files.writeString(old, "{\"format\": 99}");
    assertThat(run(Subjects.TODAY, "--lang", "fr")).isEqualTo(2);
    assertThat(run(Subjects.TODAY, "--colour", "red")).isEqualTo(2);
    assertThat(run(Subjects.TODAY, "--out")).isEqualTo(2);
    assertThat(run(Subjects.TODAY, "--secrets", "none")).isEqualTo(2);
    assertThat(tool(Subjects.TODAY, old.toString())).isEqualTo(2);
    assertThat(run(Subjects.TODAY, "--decision", folder.resolve("no").toString())).isEqualTo(2);
    List<String> lines = err.toString(UTF_8).lines().toList();
    assertThat(lines).hasSize(6);
    assertThat(lines.get(0)).isEqualTo("secrets: --lang: fr (expected: de, en or both)");
    assertThat(lines.get(1)).isEqualTo("secrets: Unknown argument: --colour");
    assertThat(lines.get(2)).isEqualTo("secrets: --out: nothing (expected: a value)");
    assertThat(lines.get(3)).isEqualTo("secrets: --secrets: none (expected: a whole number)");
    assertThat(lines.get(4)).contains(old.toString(), "another version");
    assertThat(lines.get(5)).contains("no such file");
    assertThat(reports).doesNotExist();
  }

  /** Half an hour of measuring comes after it. */
  @Test
  void aMistakeInWhatPeopleEditShowsBeforeAnythingIsMeasured() throws IOException {
    Files.delete(result);
    assertThat(run(Subjects.TODAY, "--check")).isZero();
    Path weights = folder.resolve("decision.properties");
    Files.writeString(
        weights,
        Files.readString(Subjects.DECISION)
            .replace("weight.price       = 15", "weight.price = 16"));
    assertThat(run(Subjects.TODAY, "--check", "--decision", weights.toString())).isEqualTo(2);
    assertThat(run(Subjects.TODAY, "--check", "--jitter", "much")).isEqualTo(2);
    assertThat(err.toString(UTF_8).lines())
        .hasSize(2)
        .first(InstanceOfAssertFactories.STRING)
        .isEqualTo(
            "secrets: "
                + weights
                + ": the weights add up to 101 (expected: 100); change one of those that begin with"
                + " weight.");
    assertThat(reports).doesNotExist();
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws IOException {
    Path occupied = Files.createFile(folder.resolve("occupied"));
    assertThat(run(Subjects.TODAY, "--out", occupied.toString())).isEqualTo(2);
    assertThat(err.toString(UTF_8))
        .startsWith("secrets: Cannot write the report to " + occupied)
        .contains("or name another folder with --out.");
  }

  @Test
  void failedWriteIsOneSentenceAndTheOldReportIsKept() throws IOException {
    Path deep = DeepFolder.below(folder);
    Path file = Files.writeString(deep.resolve("report.de.html"), "old");
    assertThat(run(Subjects.TODAY, "--out", deep.toString())).isEqualTo(2);
    assertThat(err.toString(UTF_8))
        .isEqualTo(
            "secrets: Cannot write the report to "
                + file
                + ": File name too long. Free some space or name another folder with --out.\n");
    assertThat(file).content().isEqualTo("old");
  }

  @Test
  void helpNamesTheOptionsAndBeginsWithWhatItDoes() {
    assertThat(run(Subjects.TODAY, "--help")).isZero();
    assertThat(out.toString(UTF_8))
        .startsWith("Write the report by which a team chooses a backend")
        .contains("Usage: secrets decide RESULT.json", "--jitter");
  }

  /** The copies are those files, so that a team can edit them and write the report again. */
  @Test
  void withoutFilesOfTheTeamThoseOfTheProgramCount() throws IOException {
    assertThat(tool(Subjects.TODAY, result.toString(), "--out", reports.toString())).isZero();
    assertThat(reports.resolve("decision.properties")).hasSameTextualContentAs(Subjects.DECISION);
    assertThat(reports.resolve("prices.properties"))
        .hasSameTextualContentAs(Path.of("prices.properties"));
    Files.writeString(reports.resolve("decision.properties"), "edited");
    assertThat(tool(Subjects.TODAY, result.toString(), "--out", reports.toString())).isZero();
    assertThat(reports.resolve("decision.properties")).hasContent("edited");
  }

  @Test
  void withoutAResultItSaysWhatIsMissing() {
    assertThat(tool(Subjects.TODAY)).isEqualTo(2);
    assertThat(err.toString(UTF_8))
        .isEqualTo(
            "secrets: Cannot write a report: no result given. Name a file of bench/run compare.\n");
  }

  private int run(LocalDate today, String... args) {
    List<String> all =
        new ArrayList<>(
            List.of(
                result.toString(),
                "--decision",
                Subjects.DECISION.toString(),
                "--prices",
                "prices.properties",
                "--out",
                reports.toString()));
    all.addAll(List.of(args));
    return tool(today, all.toArray(String[]::new));
  }

  private int tool(LocalDate today, String... args) {
    return new ReportProgram(today)
        .run(new PrintWriter(out, true, UTF_8), new PrintWriter(err, true, UTF_8), args);
  }
}
