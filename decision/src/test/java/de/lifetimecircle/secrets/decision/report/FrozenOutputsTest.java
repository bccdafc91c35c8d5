package de.lifetimecircle.secrets.decision.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.decision.cost.CostProgram;
import de.lifetimecircle.secrets.decision.results.ComparisonRun;
import de.lifetimecircle.secrets.decision.results.Comparisons;
import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.Participant;
import de.lifetimecircle.secrets.decision.results.Realness;
import de.lifetimecircle.secrets.decision.results.ResultFile;
import de.lifetimecircle.secrets.decision.results.ResultText;
import de.lifetimecircle.secrets.operations.documents.Language;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the module writes about unusual runs and plans, byte for byte. The usual ones are in the
 * frozen files of the command line. A changed byte is a decision: {@code -Dfrozen.renew=true}
 * writes the files, and the diff shows what was decided.
 */
class FrozenOutputsTest {
  private static final Path FOLDER = Path.of("src/test/resources/frozen");
  private static final LocalDate LATER = Subjects.TODAY.plusYears(1);

  @TempDir Path folder;

  private final Map<String, String> texts = new LinkedHashMap<>();

  @Test
  void reports() throws IOException {
    add("a measured set-up", few(Subjects.withSetUp()), "report.en.md");
    add(
        "interrupted, with old prices",
        few(Subjects.on(Comparisons.incomplete(), LATER)),
        "report.en.md",
        "report.json");
    add(
        "hostile names",
        few(Subjects.of(Subjects.hostile())),
        "report.de.html",
        "report.de.md",
        "adr.de.md",
        "report.json");
    add("without a figure", Subjects.of(Subjects.with(List.of())), "report.en.md", "adr.en.md");
    add("a tie", weighted(DecisionCriterion.COMPLIANCE), "adr.en.md", "adr.de.md");
    add("one weight", weighted(DecisionCriterion.PRICE), "adr.en.md");
    add("named servers and strangers", few(Subjects.of(strangers())), "report.de.md", "adr.de.md");
    add("figures that are none", Subjects.of(limits()), "report.en.md", "report.json");
    add("nothing is judged", unjudged(), "report.en.md", "adr.de.md");
    add("paid alone", paid(), "report.de.md");
    check("reports");
  }

  private void add(String name, ReportSubject subject, String... whole) {
    ReportProgram.files(subject, List.of(Language.values()))
        .forEach(
            (file, text) ->
                texts.put(
                    name + ": " + file,
                    List.of(whole).contains(file)
                        ? text.replaceAll("(?s)<style>.*</style>", "<style>…</style>")
                        : "SHA-256 " + digest(text) + "\n"));
  }

  /** The rest is of the same kinds. */
  private static ReportSubject few(ReportSubject subject) {
    ComparisonRun run = subject.comparison();
    List<Measurement> few =
        run.measurements().stream()
            .filter(each -> each.roundTripMillis() == 0 || each.roundTripMillis() == 0.5)
            .filter(each -> !each.id().matches("(jmh-)?batch-.*|(jmh-)?get-by-version|list"))
            .toList();
    return Subjects.on(run.with(few), subject.today());
  }

  private static ReportSubject weighted(DecisionCriterion criterion) {
    return about(Subjects.weighted(Map.of(criterion, 100.0)), List.of());
  }

  private static ReportSubject about(ReportSubject subject, List<Measurement> measurements) {
    return new ReportSubject(
        subject.comparison().with(measurements),
        subject.costs(),
        subject.fleet(),
        subject.policy(),
        subject.capabilities(),
        subject.today());
  }

  private static ComparisonRun strangers() {
    ComparisonRun joined =
        Subjects.joined(
            new Participant("aws-named", "aws", ResultText.name("eu-central-1"), Realness.NAMED),
            Subjects.figure("cold-get", "aws-named", "provider", "us", 10_000, "by night"),
            Subjects.figure("rotation", "aws-named", "provider", "s", 61));
    List<Participant> participants = new ArrayList<>(joined.participants());
    participants.add(new Participant("plain", "plain", ResultText.name("a folder"), Realness.REAL));
    Map<String, String> machine = new LinkedHashMap<>(joined.machine());
    machine.put("commit", "0123456789ab-dirty");
    machine.remove("jdk");
    return new ComparisonRun(
        joined.begun(),
        joined.took(),
        joined.extent(),
        true,
        machine,
        joined.noise(),
        joined.seed(),
        participants,
        joined.measurements(),
        List.of(
            ResultText.omission(
                "gpg", ResultText.of("step", ResultText.measure("throttle"), ResultText.name("?"))),
            ResultText.of("cannot", "aws-named", "it is away. Ask again")));
  }

  private static ComparisonRun limits() {
    return Subjects.with(
        List.of(
            single("cold-get", "vault", "ms", Double.NaN),
            single("cold-get", "gpg", "ms", 0),
            single("cold-get", "azure", "s", 7200),
            single("cached-get", "azure", "ns", 0.25),
            single("put", "azure", "lightyear", 1234567.891),
            single("memory", "gpg", "MB", -0.5),
            single("throttle", "gpg", "count", Double.POSITIVE_INFINITY),
            single("of-others", "gpg", "percent", 0.004),
            single("Of others!", "nobody", "per-second", 1e9)));
  }

  private static Measurement single(String id, String participant, String unit, double at) {
    return new Measurement(
        id,
        participant,
        "provider",
        id.equals("put") ? 1.5 : 0,
        unit,
        1,
        at,
        at,
        at,
        OptionalDouble.empty(),
        at > 1000 && at < 1e9 ? OptionalDouble.of(at * 2) : OptionalDouble.empty(),
        OptionalDouble.empty(),
        ResultText.of("warm.nothing"),
        List.of());
  }

  private static ReportSubject unjudged() {
    ReportSubject sample = about(Subjects.sample(), List.of());
    return new ReportSubject(
        sample.comparison(),
        sample.costs(),
        sample.fleet(),
        new DecisionPolicy(
            sample.policy().weights(),
            new EnumMap<>(DecisionCriterion.class),
            sample.policy().basis()),
        List.of(),
        sample.today());
  }

  private static ReportSubject paid() {
    ReportSubject sample = about(Subjects.sample(), List.of());
    return new ReportSubject(
        sample.comparison(),
        Subjects.costs(
            Subjects.TODAY, "--secrets", "4000", "--set", "vault.quota.own=9 all in 1 s"),
        Subjects.costs(LATER, "--backend", "gpg", "--backend", "aws"),
        sample.policy().withBasis(DecisionPolicy.Basis.PAID),
        sample.capabilities(),
        sample.today());
  }

  @Test
  void results() throws IOException {
    Path file = folder.resolve("result.json");
    for (ComparisonRun run : List.of(strangers(), Comparisons.incomplete(), Subjects.hostile())) {
      ResultFile.write(file, run.with(run.measurements().stream().limit(9).toList()));
      texts.put("result " + texts.size(), Files.readString(file));
    }
    ResultFile.write(file, Subjects.with(List.of(), List.of()));
    texts.put("nothing", Files.readString(file));
    check("results");
  }

  @Test
  void costs() throws IOException {
    String all = "--backend azure --secrets 200 --instances 1000 --soft-age 100s --jitter 0";
    cost(Subjects.TODAY, "");
    cost(Subjects.TODAY, "--secrets 20 --instances 1000 --seed 7");
    cost(Subjects.TODAY, all + " --reads 1000000 --rotations 0 --starts 0");
    cost(Subjects.TODAY, "--reads 0.001 --rotations 1.50 --starts 0.5 --idle 90m --spread 1500ms");
    cost(LATER, "--backend gpg --backend aws --backend gpg");
    cost(
        Subjects.TODAY, "--backend vault --set vault.quota.own=5 read in 2 s --set gpg.machines=2");
    cost(Subjects.TODAY, "--help");
    for (String wrong :
        List.of(
            "--secrets",
            "--secrets 0",
            "--seed x",
            "--spread 13h",
            "--idle 1ms",
            "--starts 1441",
            "--reads 10000000000",
            "--set aws",
            "--set aws.quota.x=1",
            "--set gcp.machines=1",
            "--backend gcp",
            "--prices nowhere",
            "--instances 1000000 --secrets 1000",
            "fleet")) {
      cost(Subjects.TODAY, wrong);
    }
    check("costs");
  }

  private void cost(LocalDate today, String line) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, UTF_8);
    Path json = folder.resolve("cost.json");
    List<String> args = new ArrayList<>(List.of("--prices", "prices.properties"));
    args.addAll(List.of("--json", json.toString()));
    for (String word :
        line.isEmpty() ? new String[0] : line.split(" (?=--)|(?<=--[a-z-]{2,9}) ", -1)) {
      args.add(word);
    }
    int code = new CostProgram(out, out, today).run(args);
    texts.put(
        "cost " + line,
        bytes.toString(UTF_8).replace(folder.toString(), "@folder@") + "exit code " + code + "\n");
    if (Files.exists(json)) {
      texts.put("cost as JSON " + line, Files.readString(json));
      Files.delete(json);
    }
  }

  @Test
  void helpOfTheReport() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintWriter out = new PrintWriter(bytes, true, UTF_8);
    for (String wrong : List.of("--help", "a b", "--lang", "--lang fr", "--set x", "--reads x")) {
      int code = new ReportProgram(Subjects.TODAY).run(out, out, wrong.split(" ", -1));
      out.println("exit code " + code);
    }
    texts.put("help and mistakes", bytes.toString(UTF_8));
    check("report-options");
  }

  private static String digest(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private void check(String name) throws IOException {
    StringBuilder all = new StringBuilder();
    texts.forEach((title, text) -> all.append("======== " + title + "\n").append(text));
    Path file = FOLDER.resolve(name + ".txt");
    if (Boolean.getBoolean("frozen.renew")) {
      Files.createDirectories(FOLDER);
      Files.writeString(file, all);
    }
    List<String> now = all.toString().lines().toList();
    List<String> frozen = Files.readString(file).lines().toList();
    int same = 0;
    while (same < Math.min(now.size(), frozen.size()) && now.get(same).equals(frozen.get(same))) {
      same++;
    }
    assertThat(now.subList(same, now.size()).stream().limit(1).toList())
        .as(
            "%s, line %d: a changed byte is a decision; see the comment of the test",
            file, same + 1)
        .isEqualTo(frozen.subList(same, frozen.size()).stream().limit(1).toList());
    assertThat(all.toString().equals(Files.readString(file))).as("%s: line ends", file).isTrue();
  }
}
