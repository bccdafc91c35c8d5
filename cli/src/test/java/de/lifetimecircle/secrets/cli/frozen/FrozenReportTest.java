package de.lifetimecircle.secrets.cli.frozen;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.decision.cost.CostProgram;
import de.lifetimecircle.secrets.decision.report.ReportProgram;
import de.lifetimecircle.secrets.decision.results.ComparisonRun;
import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.ResultFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report of {@code secrets decide} about the kept run, in both languages and as JSON. */
class FrozenReportTest {
  private static final LocalDate TODAY = LocalDate.of(2026, 11, 26);

  @TempDir Path folder;

  @Test
  void report() throws IOException {
    FrozenTexts texts = new FrozenTexts("decision-report");
    Path measured = folder.resolve("measured.json");
    ComparisonRun kept = ResultFile.read(Path.of("../docs/decision/compare.json"));
    ResultFile.write(measured, kept.with(few(kept.measurements())));
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said, true);
    int code =
        new ReportProgram(TODAY).run(out, out, measured.toString(), "--out", folder.toString());
    assertThat(code).as(said.toString()).isZero();
    for (String language : new String[] {"de", "en"}) {
      for (String file : new String[] {"report.%s.html", "report.%s.md", "adr.%s.md"}) {
        String name = file.replace("%s", language);
        texts.add(name, Files.readString(folder.resolve(name)));
      }
    }
    texts.add("result", Files.readString(measured));
    texts.add("report.json", Files.readString(folder.resolve("report.json")));
    texts.check();
  }

  /** Some of each kind, so that the report has all its chapters and not all their rows. */
  private static List<Measurement> few(List<Measurement> all) {
    return all.stream()
        .filter(each -> !each.participant().matches("aws-ministack|azure"))
        .filter(each -> each.roundTripMillis() == 0 || each.roundTripMillis() == 30)
        .toList();
  }

  @Test
  void cost() throws IOException {
    FrozenTexts texts = new FrozenTexts("decision-cost").placeholder(folder.toString(), "@folder@");
    for (String[] plan :
        new String[][] {{}, {"--secrets", "20", "--instances", "1000", "--backend", "aws"}}) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      PrintStream out = new PrintStream(bytes, true, UTF_8);
      Path json = folder.resolve("cost.json");
      List<String> args = new ArrayList<>(List.of(plan));
      args.addAll(List.of("--json", json.toString()));
      assertThat(new CostProgram(out, out, TODAY).run(args)).as(bytes.toString(UTF_8)).isZero();
      texts.add("table " + String.join(" ", plan), bytes.toString(UTF_8));
      texts.add("json " + String.join(" ", plan), Files.readString(json));
    }
    texts.check();
  }
}
