package de.lifetimecircle.secrets.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.bench.BenchScript;
import de.lifetimecircle.secrets.decision.report.ReportProgram;
import de.lifetimecircle.secrets.decision.results.ComparisonRun;
import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.ResultFile;
import de.lifetimecircle.secrets.operations.documents.Language;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The backend of examples/backend, built as somebody else would build it, joins the report by its
 * jar: the whole way, as processes.
 */
class ThirdPartyTest {
  private static final Path EXAMPLE = Path.of("../examples/backend/src/main");
  private static final String OTHER_THAN_KNOWN = "plain";

  @TempDir Path folder;
  private Path jar = Path.of("unset");
  private Path result = Path.of("unset");

  @BeforeEach
  void build() throws IOException {
    jar = jar();
    result = folder.resolve("compare.json");
  }

  /**
   * The first run is killed in the middle, the next does not find the backend and must lose
   * nothing, the last has to go on.
   */
  @Test
  void joinsByItsJarAndTheRunThatWasKilledGoesOn() throws Exception {
    Path store = folder.resolve("store");
    Process first = comparing(store);
    List<String> told = until(first, line -> line.startsWith("3 of 7"));
    List<ProcessHandle> measuring = first.descendants().toList();
    first.destroyForcibly().waitFor();
    measuring.forEach(ProcessHandle::destroyForcibly);
    measuring.forEach(process -> process.onExit().join()); // it may not write any more
    assertThat(told).anyMatch(line -> line.startsWith("1 of 7  plain: calls, round 1"));
    ComparisonRun kept = ResultFile.read(result);
    assertThat(kept.complete()).isFalse();
    assertThat(kept.measurements()).isNotEmpty();

    keepsWhatWasMeasuredWithoutIt(store, kept);

    Process second = comparing(store);
    told = until(second, line -> false);
    assertThat(second.waitFor()).as(String.join("\n", told)).isZero();
    assertThat(told)
        .contains("Resumes the interrupted run; 2 processes are done. --restart starts again.")
        .noneMatch(line -> line.startsWith("1 of 7") || line.startsWith("2 of 7"));
    ComparisonRun whole = ResultFile.read(result);
    assertThat(whole.complete()).isTrue();
    assertThat(whole.begun()).isEqualTo(kept.begun());
    assertThat(whole.measurements())
        .extracting(Measurement::id)
        .contains("cold-get", "cached-get", "put", "list", "jmh-put", "visibility", "memory");

    assertThat(store.toFile().list()).allMatch(name -> name.startsWith(".part-")); // of the killed

    String report = report();
    assertThat(report)
        .contains("Not ranked, since prices or judgements are missing: plain.")
        .contains("| plain | plain | as its own settings say |")
        .contains("**Read without a cache, no round trip added**");
    assertThat(rows(report, "| plain | ")).hasSizeGreaterThan(10);
  }

  /** A run that goes on while the backend does not start. */
  private void keepsWhatWasMeasuredWithoutIt(Path store, ComparisonRun kept) throws Exception {
    Path away = Files.move(store, folder.resolve("away"));
    Files.createFile(store); // nobody can write into a folder that is a file
    Process comparing = comparing(store);
    List<String> told = until(comparing, line -> false);
    assertThat(comparing.waitFor()).isEqualTo(1);
    assertThat(told)
        .contains(
            "The earlier results of plain are kept. When they can start again, run the same command"
                + " to resume.");
    ComparisonRun without = ResultFile.read(result);
    assertThat(without.measurements()).isEqualTo(kept.measurements());
    assertThat(without.participants()).isEqualTo(kept.participants());
    assertThat(without.complete()).isFalse();
    assertThat(without.failures())
        .anyMatch(each -> each.in(Language.ENGLISH).startsWith("Cannot measure plain: "));
    Files.delete(store);
    Files.move(away, store);
  }

  /** Nobody can write into a folder that is a file, not even root. */
  @Test
  void oneThatCannotStartIsASentenceOnTheFirstPage() throws Exception {
    Process comparing = comparing(Files.createFile(folder.resolve("occupied")));
    List<String> told = until(comparing, line -> false);
    assertThat(comparing.waitFor()).isEqualTo(1);
    assertThat(told).filteredOn(line -> line.startsWith("Cannot measure plain: ")).isNotEmpty();
    String report = report();
    assertThat(report.substring(0, report.indexOf("\n## Points")))
        .contains("- Cannot measure plain: ");
  }

  private static List<String> rows(String report, String beginning) {
    return report.lines().filter(line -> line.startsWith(beginning)).toList();
  }

  private Process comparing(Path store) throws IOException {
    Path config = folder.resolve("plain.properties");
    Files.writeString(config, "plain.folder = " + store + "\n");
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(CompareProgram.class.getName());
    command.addAll(List.of("--quick", "--seconds", "10", "--backend", OTHER_THAN_KNOWN));
    command.addAll(List.of("--jar", jar.toString(), "--config", config.toString()));
    command.addAll(List.of("--json", result.toString()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    BenchScript.shortLived(builder);
    return builder.start();
  }

  /** What a process tells up to that line, or to its end. */
  private static List<String> until(Process process, Predicate<String> last) throws IOException {
    List<String> told = new ArrayList<>();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      told.add(line);
      if (last.test(line)) {
        break;
      }
    }
    return told;
  }

  private String report() throws IOException {
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    PrintWriter both = new PrintWriter(told, true, StandardCharsets.UTF_8);
    List<String> arguments =
        List.of(
            "--lang en --prices ../decision/prices.properties",
            "--decision ../decision/decision.properties",
            result.toString(),
            "--out " + folder);
    String[] args = String.join(" ", arguments).split(" ", -1);
    assertThat(new ReportProgram(LocalDate.of(2026, 11, 26)).run(both, both, args))
        .as(told.toString(StandardCharsets.UTF_8))
        .isZero();
    return Files.readString(folder.resolve("report.en.md"));
  }

  private Path jar() throws IOException {
    Path classes = Files.createDirectories(folder.resolve("classes"));
    List<String> arguments = new ArrayList<>(List.of("-proc:none", "-d", classes.toString()));
    arguments.addAll(List.of("-cp", System.getProperty("java.class.path")));
    try (Stream<Path> sources = Files.walk(EXAMPLE.resolve("java"))) {
      sources.map(Path::toString).filter(name -> name.endsWith(".java")).forEach(arguments::add);
    }
    int exit =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    assertThat(exit).isZero();
    Path file = folder.resolve("plain.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file))) {
      add(out, classes);
      add(out, EXAMPLE.resolve("resources"));
    }
    return file;
  }

  private static void add(JarOutputStream out, Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(root.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, out);
        out.closeEntry();
      }
    }
  }
}
