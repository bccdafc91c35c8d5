package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@link AgentSoak} as a test that only its name runs: {@code mvn -Dquick=all -pl cli -am
 * -Dtest=AgentLongRun -Dagent.soak=60 -Dsurefire.failIfNoSpecifiedTests=false verify} for 60
 * minutes.
 */
@Timeout(value = 1, unit = TimeUnit.DAYS) // instead of the ten minutes of all tests
class AgentLongRun {
  @Test
  void memoryIsFlatAndNoValueWrong(@TempDir Path folder) throws Exception {
    Duration lasts = Duration.ofMinutes(Long.getLong("agent.soak", 60));
    AgentSoak.Result result = AgentSoak.run(Installation.unpack(folder).command(), folder, lasts);
    System.out.println("agent soak: " + result);
    assertThat(result.wrong()).isZero();
    assertThat(result.refused()).as("max-stale is longer than an outage").isZero();
    assertThat(result.late()).isLessThan(result.early() * 11 / 10).isLessThan(90 * 1024);
  }
}
