package de.lifetimecircle.secrets.bench.setup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.decision.results.ComparisonRun;
import de.lifetimecircle.secrets.decision.results.Measurement;
import de.lifetimecircle.secrets.decision.results.ResultFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SetUpProgramTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private Path file = Path.of("unset");

  @BeforeEach
  void compare() {
    file = folder.resolve("compare.json");
    ResultFile.write(
        file,
        new ComparisonRun(
            Instant.EPOCH,
            Duration.ZERO,
            "quick",
            true,
            Map.of(),
            Map.of(),
            1,
            List.of(),
            List.of(),
            List.of()));
  }

  @Test
  void timesAreAddedToTheResultOnce() throws IOException {
    Path launcher = Files.writeString(folder.resolve("launcher"), "#!/bin/sh\n");
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
    assertThat(run(new SetUp.OfFiles(launcher))).isZero();
    assertThat(run(new SetUp.OfFiles(launcher))).isZero();
    assertThat(ResultFile.read(file).measurements())
        .singleElement()
        .satisfies(
            measured -> {
              assertThat(measured.id()).isEqualTo(Measurement.SET_UP);
              assertThat(measured.participant()).isEqualTo("gpg");
              assertThat(measured.notes()).hasSize(2);
            });
  }

  @Test
  void programThatIsMissingIsNamed() {
    assertThat(run(new SetUp.OfFiles(folder.resolve("secrets")))).isEqualTo(1);
    assertThat(err.toString(UTF_8)).isEqualTo("gpg: Cannot set up: secrets is not installed\n");
  }

  @Test
  void failedWriteIsReportedInOneSentence() throws IOException {
    Path deep = folder; // its files have a path that is allowed, a draft beside them has none
    while (deep.toString().length() < 4070) {
      deep = deep.resolve("d".repeat(Math.min(100, 4070 - deep.toString().length())));
    }
    file = Files.copy(file, Files.createDirectories(deep).resolve("compare.json"));
    assertThat(run()).isEqualTo(1);
    assertThat(err.toString(UTF_8).lines())
        .singleElement(InstanceOfAssertFactories.STRING)
        .startsWith("Cannot save results to " + file + ": File name too long");
  }

  private int run(SetUp... setUps) {
    return new SetUpProgram(new PrintStream(err, true, UTF_8)).run(file, List.of(setUps));
  }
}
