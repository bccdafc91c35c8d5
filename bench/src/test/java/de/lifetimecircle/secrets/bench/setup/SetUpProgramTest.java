package de.lifetimecircle.secrets.bench.setup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SetUpProgramTest {
  @TempDir Path folder;

  @Test
  void fullDiskIsReportedInOneSentence() throws IOException {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Path file = folder.resolve("set-up.json");
    Path part = folder.resolve("set-up.json.part");
    Files.createSymbolicLink(part, Path.of("/dev/full")); // the system itself says that it is full
    SetUpProgram program = new SetUpProgram(new PrintStream(err, true, UTF_8));
    assertThat(program.run(file, List.of(), Instant.EPOCH)).isEqualTo(1);
    assertThat(err.toString(UTF_8).lines())
        .singleElement(InstanceOfAssertFactories.STRING)
        .startsWith("Cannot save results to " + file + ": No space left on device");
  }
}
