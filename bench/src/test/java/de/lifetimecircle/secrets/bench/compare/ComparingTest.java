package de.lifetimecircle.secrets.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.bench.results.Comparison;
import de.lifetimecircle.secrets.bench.results.Measurement;
import de.lifetimecircle.secrets.bench.results.ResultFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole run of one backend that needs no server, as short as a run can be. */
@Timeout(300)
final class ComparingTest {
  @TempDir private Path folder;

  @Test
  void measuresEverythingOfABackendAndLeaksNothing() throws IOException {
    Path file = folder.resolve("compare.json");
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    String options = "--quick --seconds 20 --backend gpg --rtt 0,2 --seed 3 --json " + file;
    int exit = run(told, options.split(" ", -1));
    String progress = told.toString(StandardCharsets.UTF_8);
    assertThat(exit).as(progress).isZero();
    check(ResultFile.read(file));
    assertThat(progress).contains("1 of 7  gpg: calls, round 1 (about ");
    assertThat(progress).doesNotContain(Client.VALUE);
    for (Path left : files()) {
      assertThat(left).content(StandardCharsets.ISO_8859_1).doesNotContain(Client.VALUE);
    }
    assertThat(files())
        .extracting(left -> folder.relativize(left).toString())
        .contains("compare.json")
        .isSubsetOf("compare.json", "compare.json.log");
  }

  private static void check(Comparison result) {
    assertThat(result.complete()).isTrue();
    assertThat(result.seed()).isEqualTo(3);
    assertThat(result.extent()).isEqualTo("quick");
    assertThat(result.noise()).isNotEmpty();
    assertThat(result.failures())
        .contains("Not measured: gpg, throttle: files have no limit of calls.")
        .noneMatch(sentence -> sentence.startsWith("Cannot"));
    assertThat(result.measurements())
        .extracting(Measurement::id)
        .contains("cold-get", "cached-get", "batch-1", "batch-20", "batch-100", "get-by-version")
        .contains("put", "list", "start-to-first-secret", "recovery", "visibility", "rotation")
        .contains("visibility-late", "cpu-per-1000-reads", "memory")
        .contains("jmh-cold-get", "jmh-batch-1", "jmh-batch-20", "jmh-batch-100")
        .contains("jmh-get-by-version", "jmh-put", "jmh-list");
    assertThat(result.measurements()).extracting(Measurement::client).contains("gpg");
    assertThat(result.measurements())
        .allSatisfy(
            m -> {
              assertThat(m.low()).isLessThanOrEqualTo(m.median());
              assertThat(m.high()).isGreaterThanOrEqualTo(m.median());
              assertThat(m.samples()).isPositive();
            });
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static int run(ByteArrayOutputStream told, String... args) {
    PrintStream both = new PrintStream(told, true, StandardCharsets.UTF_8);
    return new CompareProgram(both, both, Map.of()).run(List.of(args));
  }
}
