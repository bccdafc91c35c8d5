package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.decision.cost.CommandOptions;
import de.lifetimecircle.secrets.decision.cost.DataFile;
import de.lifetimecircle.secrets.decision.cost.PlanFigures;
import de.lifetimecircle.secrets.decision.page.HtmlPage;
import de.lifetimecircle.secrets.decision.page.MarkdownPage;
import de.lifetimecircle.secrets.decision.page.Page;
import de.lifetimecircle.secrets.decision.results.ComparisonRun;
import de.lifetimecircle.secrets.decision.results.ResultFile;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.files.AtomicFile;
import de.lifetimecircle.secrets.spi.FileFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.spi.ToolProvider;

/**
 * Writes the report from a result: HTML, Markdown and a draft of the decision record in each
 * language, and JSON. It is the command {@code secrets decide}, which the program finds by {@code
 * ServiceLoader}. Ends with 0 when it could, 2 when it was asked wrongly or a file is broken.
 */
public final class ReportProgram implements ToolProvider {
  /** The fleet by which the report shows what jitter is worth. */
  private static final int FLEET_SECRETS = 20;

  private static final int FLEET_INSTANCES = 1000;

  private final LocalDate today;

  /** Writes reports of the current day. */
  public ReportProgram() {
    this(LocalDate.ofInstant(InstantSource.system().instant(), ZoneOffset.UTC));
  }

  /** Writes reports that bear that day. */
  public ReportProgram(LocalDate today) {
    this.today = today;
  }

  @Override
  public String name() {
    return "decide";
  }

  @Override
  public int run(PrintWriter out, PrintWriter err, String... args) {
    List<String> asked = List.of(args);
    if (asked.contains("--help") || asked.contains("-h")) {
      out.println(ReportRequest.USAGE);
      return 0;
    }
    try {
      ReportRequest request = CommandOptions.read(new ReportRequest(), asked);
      List<Language> languages = request.languages();
      if (!request.isCheck && request.result.isEmpty()) {
        throw new IllegalArgumentException(
            "Cannot write a report: no result given. Name a file of bench/run compare.");
      }
      Function<ComparisonRun, ReportSubject> judged = subject(request);
      if (request.isCheck) {
        return 0;
      }
      ReportSubject subject = judged.apply(ResultFile.read(Path.of(request.result)));
      Map<String, String> files = files(subject, languages);
      addIfAbsent(files, request.out, "decision.properties", request.decision());
      addIfAbsent(files, request.out, "prices.properties", request.plan.prices());
      files.forEach((name, text) -> out.println(written(request.out.resolve(name), text)));
      return 0;
    } catch (IllegalArgumentException | SecretException e) {
      err.println("secrets: " + e.getMessage());
      return 2;
    }
  }

  /** A copy to edit, but never over one that a person may have edited. */
  private static void addIfAbsent(Map<String, String> files, Path out, String name, DataFile file) {
    if (Files.notExists(out.resolve(name))) {
      files.put(name, file.text());
    }
  }

  /** Reads what people edit; what was measured is all that lacks then. */
  private Function<ComparisonRun, ReportSubject> subject(ReportRequest request) {
    PlanFigures costs = PlanFigures.of(request.plan, today);
    PlanFigures fleet = PlanFigures.of(request.plan, FLEET_SECRETS, FLEET_INSTANCES, today);
    DecisionPolicy policy = DecisionFile.read(request.decision(), today);
    return comparison ->
        new ReportSubject(comparison, costs, fleet, policy, ContractResult.shipped(), today);
  }

  /** The files of a report by their names. */
  static Map<String, String> files(ReportSubject subject, List<Language> languages) {
    DecisionPages pages = DecisionPages.of(subject);
    Map<String, String> files = new LinkedHashMap<>();
    for (Language language : languages) {
      ReportText words = new ReportText(language);
      Page report = pages.report(words);
      String end = "." + language.code();
      files.put("report" + end + ".html", HtmlPage.of(report));
      files.put("report" + end + ".md", MarkdownPage.of(report));
      files.put("adr" + end + ".md", pages.field() + MarkdownPage.of(pages.record(words)));
    }
    files.put("report.json", new ReportJson(subject, pages.ranking()).text());
    return files;
  }

  /** In one step, so that a full disk leaves the report before it. */
  private static Path written(Path file, String text) {
    try {
      AtomicFile.writeInFolder(file, text);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "Cannot write the report to "
              + file
              + ": "
              + FileFailure.reason(e)
              + ". Free some space or name another folder with --out.",
          e);
    }
    return file;
  }
}
