package de.lifetimecircle.secrets.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of figures says what the kept runs say. */
class KeptRunTest {
  private static final Path DOCS = Path.of("../docs");
  private static final Pattern MEASURED = Pattern.compile("\\d (ms|µs|us|ns|MB|%|×|x)(?![a-z])");

  @TempDir private Path folder;

  @Test
  void thePageSaysWhatTheFilesSay() throws IOException {
    String page = Files.readString(DOCS.resolve("performance.md"));
    assertThat(page)
        .as("Write the figures into the page with 'bench/run keep FILE'.")
        .isEqualTo(KeptRun.page(page, DOCS));
  }

  @Test
  void everyKeptFileIsOnThePage() throws IOException {
    String page = Files.readString(DOCS.resolve("performance.md"));
    try (Stream<Path> kept = Files.list(DOCS.resolve("performance"))) {
      assertThat(kept.toList())
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(page)
                      .containsOnlyOnce(
                          "<!-- figures of performance/" + file.getFileName() + " -->"));
    }
  }

  /** A figure in a sentence has no file that it could differ from. */
  @Test
  void sentencesAboutTheKeptRunsHaveNoFigures() throws IOException {
    String page = Files.readString(DOCS.resolve("performance.md"));
    String prose =
        page.substring(page.indexOf("## The kept run"))
            .replaceAll("(?s)<!-- figures of .*?<!-- end of figures -->", "");
    assertThat(prose).doesNotContainPattern(MEASURED);
  }

  @Test
  void aRunReplacesTheOneBefore() throws IOException {
    docs();
    Path kept = KeptRun.keep(run("0123456789ab", "full"), folder);
    assertThat(kept).isEqualTo(folder.resolve("performance/2027-01-02.json"));
    assertThat(folder.resolve("performance/2026-01-01.json")).doesNotExist();
    assertThat(folder.resolve("performance.md"))
        .content()
        .startsWith("before\n<!-- figures of performance/2027-01-02.json -->\n")
        .endsWith("<!-- end of figures -->\nafter\n")
        .contains("Measured on 2027-01-02 at commit `0123456789ab` (cores 2).")
        .contains("| a | near | 1.2 ns |  | <= 1.25 | yes |")
        .contains("| b | slow | 4 ns | 4 | ratio <= 3 | no: 2 of 3 |")
        .doesNotContain("| far |", "| slower than the bound |", "| fast |", "old text");
  }

  @Test
  void aRunOfAnUnknownCommitIsNotKept() throws IOException {
    docs();
    for (String commit : List.of("unknown", "0123456789ab-dirty")) {
      assertThatThrownBy(() -> KeptRun.keep(run(commit, "full"), folder))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(commit)
          .hasMessageContaining("bench/run all");
    }
    assertThat(folder.resolve("performance/2026-01-01.json")).exists();
  }

  @Test
  void aRoughRunOrNoneIsNotKept() throws IOException {
    docs();
    assertThatThrownBy(() -> KeptRun.keep(run("0123456789ab", "quick"), folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--quick");
    assertThatThrownBy(() -> KeptRun.keep(folder.resolve("none.json"), folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("there is no " + folder.resolve("none.json"));
    assertThat(folder.resolve("performance/2026-01-01.json")).exists();
  }

  private void docs() throws IOException {
    Files.createDirectories(folder.resolve("performance"));
    Files.writeString(folder.resolve("performance/2026-01-01.json"), "{}");
    Files.writeString(
        folder.resolve("performance.md"),
        """
        before
        <!-- figures of performance/2026-01-01.json -->
        old text
        <!-- end of figures -->
        after
        """);
  }

  private Path run(String commit, String mode) throws IOException {
    Map<String, String> machine =
        Map.of("date", "2027-01-02T03:04:05Z", "commit", commit, "cores", "2", "mode", mode);
    List<BenchFigure> figures =
        List.of(
            BenchFigure.checked("a", "far", 1, "ns", Limit.atMost(1.25)),
            BenchFigure.checked("a", "near", 1.2, "ns", Limit.atMost(1.25)),
            BenchFigure.compared("b", "fast", 1, "ns", 1, Limit.atMost(3)),
            BenchFigure.compared("b", "slower than the bound", 3.5, "ns", 1, Limit.atMost(3)),
            BenchFigure.compared("b", "slow", 4, "ns", 1, Limit.atMost(3)));
    return Files.writeString(folder.resolve("all.json"), new BenchReport(machine, figures).json());
  }
}
