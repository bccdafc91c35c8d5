package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command by which the launcher makes the agent's class-data archive. */
class AgentWarmUpTest {
  /**
   * A form that is not answered would leave its classes out of the archive, and nobody would see.
   */
  @Test
  void theAgentAnswersItselfInEveryForm(@TempDir Path folder) throws Exception {
    FakeTerminal terminal = new FakeTerminal();
    int code = new CommandLineRun(terminal, Map.of()).run("agent", "warm-up", folder.toString());
    assertThat(code).as(terminal.errText()).isZero();
    assertThat(terminal.outText()).isEmpty();
    assertThat(Files.exists(folder.resolve(".local/share/lifetimecircle-secrets"))).isTrue();
  }
}
