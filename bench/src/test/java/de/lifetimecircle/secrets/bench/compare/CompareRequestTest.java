package de.lifetimecircle.secrets.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CompareRequestTest {
  @TempDir private Path folder;

  @Test
  void fullRunHasEveryDistanceAndAFileOfItsOwn() {
    CompareRequest full = of();
    assertThat(full.trips()).containsExactly(0.0, 0.5, 2.0, 30.0, 120.0);
    assertThat(full.json()).isEqualTo(Path.of("bench/target/results/compare.json"));
    CompareRequest quick = of("--quick");
    assertThat(quick.trips()).containsExactly(0.0, 2.0);
    assertThat(quick.json()).isEqualTo(Path.of("bench/target/results/compare-quick.json"));
    assertThat(quick.seconds()).isLessThanOrEqualTo(240);
    assertThat(full.seconds()).isLessThanOrEqualTo(28 * 60);
  }

  @Test
  void takesWhatIsGiven() throws IOException {
    Path jar = Files.createFile(folder.resolve("other.jar"));
    CompareRequest request =
        of(
            "--rtt",
            "0,7.5",
            "--backend",
            "gpg",
            "--jar",
            jar.toString(),
            "--seed",
            "5",
            "--restart");
    assertThat(request.trips()).containsExactly(0.0, 7.5);
    assertThat(request.backends()).containsExactly("gpg");
    assertThat(request.jars()).containsExactly(jar);
    assertThat(request.seed()).isEqualTo(5);
    assertThat(request.start()).isEqualTo(CompareRequest.Start.RESTARTED);
    assertThat(request.asked()).startsWith("--full --rtt 0,7.5 --backend gpg --jar other.jar");
  }

  @Test
  void settingsComeFromTheFileAndTheEnvironmentAndShowNowhere() throws IOException {
    Path file = folder.resolve("plain.properties");
    Files.writeString(file, "plain.folder = somewhere\nplain.token = of-the-file\n");
    CompareRequest request =
        CompareRequest.of(
            List.of("--config", file.toString()),
            Map.of("SECRETS_BENCH_PLAIN_TOKEN_FILE", "of-the-environment", "HOME", "elsewhere"));
    assertThat(request.config())
        .containsOnly(
            Map.entry("plain.folder", "somewhere"),
            Map.entry("plain.token", "of-the-file"),
            Map.entry("plain.token-file", "of-the-environment"));
    assertThat(request.toString() + request.asked()).doesNotContain("of-the-", "somewhere");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--quik | Unknown argument: --quik",
        "--quick=x | --quick: x (expected: no value)",
        "--rtt | --rtt: nothing (expected: a value)",
        "--rtt x | --rtt: x (expected: milliseconds such as 0,2,30, at most 2000)",
        "--rtt 2,,3 | --rtt:  (expected: milliseconds such as 0,2,30, at most 2000)",
        "--rtt 2,2 | --rtt: 2 (expected: milliseconds such as 0,2,30, at most 2000, none twice)",
        "--rtt 3000 | --rtt: 3000 (expected: milliseconds such as 0,2,30, at most 2000, none"
            + " twice)",
        "--jar no.jar | --jar: no.jar (expected: a file that is there)",
        "--config no | --config: no (expected: a readable file of SCHEME.KEY = VALUE)",
        "--seed one | --seed: one (expected: a number)",
        "--seconds 1.5 | --seconds: 1.5 (expected: a whole number of seconds)"
      })
  void saysWhatIsWrong(String args, String told) {
    assertThatThrownBy(() -> of(args.split(" ", -1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(told);
  }

  @Test
  void settingWithoutASchemeIsRefused() throws IOException {
    Path file = folder.resolve("plain.properties");
    Files.writeString(file, "folder = somewhere\n");
    assertThatThrownBy(() -> of("--config", file.toString()))
        .hasMessage("--config: folder (expected: SCHEME.KEY = VALUE)");
  }

  private static CompareRequest of(String... args) {
    return CompareRequest.of(List.of(args), Map.of());
  }
}
