package de.lifetimecircle.secrets.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link ChaosRun} in a form of some seconds; {@code -Dchaos.seconds=600} is the long one. */
@Timeout(value = 1, unit = TimeUnit.HOURS) // the long form takes ten minutes a backend
class ChaosTest {
  @ParameterizedTest
  @ValueSource(strings = {"gpg", "vault"})
  void everyAnswerIsRight(String scheme, @TempDir Path folder) throws Exception {
    long seed = Long.getLong("chaos.seed", System.nanoTime());
    Duration lasts = Duration.ofSeconds(Long.getLong("chaos.seconds", 8));
    System.out.println("chaos: " + scheme + " with -Dchaos.seed=" + seed);
    ChaosRun.Result result = ChaosRun.run(scheme, folder, lasts, seed);
    System.out.println(result.figures());
    assertThat(result.objections()).as("seed %d", seed).isEmpty();
  }
}
