package de.lifetimecircle.secrets.decision.report;

import de.lifetimecircle.secrets.decision.cost.PlanFigures;
import de.lifetimecircle.secrets.decision.results.AtomicResultFile;
import de.lifetimecircle.secrets.decision.results.ComparisonRun;
import de.lifetimecircle.secrets.decision.results.ResultFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes the report from what was measured: HTML, Markdown and a draft of the decision record in
 * each language, and JSON. Ends with 0 when it could, 2 when it was asked wrongly or a file is
 * broken.
 */
public final class ReportProgram {
  /** The fleet by which the report shows what jitter is worth. */
  private static final List<String> FLEET = List.of("--secrets", "20", "--instances", "1000");

  /** Only reads what people edit, so that a mistake shows before half an hour of measuring. */
  private static final String CHECK = "--check";

  private static final ComparisonRun NOTHING =
      new ComparisonRun(
          Instant.EPOCH,
          Duration.ZERO,
          "full",
          false,
          Map.of(),
          Map.of(),
          0,
          List.of(),
          List.of(),
          List.of());

  private final PrintStream out;
  private final PrintStream err;
  private final LocalDate today;

  /** Writes to these streams; {@code today} is the day that the report bears. */
  public ReportProgram(PrintStream out, PrintStream err, LocalDate today) {
    this.out = out;
    this.err = err;
    this.today = today;
  }

  /**
   * Writes the report that the arguments ask for.
   *
   * @param args see {@code bench/run report --help}
   */
  public static void main(String[] args) {
    LocalDate today = LocalDate.ofInstant(InstantSource.system().instant(), ZoneOffset.UTC);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    System.exit(new ReportProgram(out, err, today).run(List.of(args)));
  }

  /** Writes the report and returns the exit code: 0, or 1 if it could not be written. */
  public int run(List<String> args) {
    if (args.contains("--help")) {
      out.println(ReportRequest.usage());
      return 0;
    }
    List<String> asked = new ArrayList<>(args);
    boolean isCheck = asked.remove(CHECK);
    try {
      ReportRequest request = ReportRequest.of(asked);
      if (isCheck) {
        var unused = subject(request, NOTHING);
        return 0;
      }
      ReportSubject subject = subject(request, ResultFile.read(request.result()));
      files(subject, request.languages())
          .forEach((name, text) -> write(request.out().resolve(name), text));
      return 0;
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      return 2;
    }
  }

  private ReportSubject subject(ReportRequest request, ComparisonRun comparison) {
    List<String> fleet = new ArrayList<>(request.plan());
    fleet.addAll(FLEET); // the last one counts
    return new ReportSubject(
        comparison,
        PlanFigures.of(request.plan(), today),
        PlanFigures.of(fleet, today),
        DecisionFile.read(request.decision(), today),
        ContractResult.shipped(),
        today);
  }

  /** The files of a report by their names. */
  static Map<String, String> files(ReportSubject subject, List<Locale> languages) {
    DecisionPages pages = DecisionPages.of(subject);
    Map<String, String> files = new LinkedHashMap<>();
    for (Locale language : languages) {
      ReportText words = ReportText.of(language);
      ReportPage report = pages.report(words);
      String end = "." + words.language();
      files.put("report" + end + ".html", HtmlPage.of(report));
      files.put("report" + end + ".md", MarkdownPage.of(report));
      files.put("adr" + end + ".md", MarkdownPage.of(pages.record(words)));
    }
    files.put("report.json", new ReportJson(subject, pages.ranking()).text());
    return files;
  }

  /** In one step, so that a full disk leaves the report before it. */
  private void write(Path file, String text) {
    try {
      AtomicResultFile.write(file, text);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "Cannot write the report to "
              + file
              + ": "
              + AtomicResultFile.reason(e)
              + ". Free some space or name another folder with --out.",
          e);
    }
    out.println(file);
  }
}
