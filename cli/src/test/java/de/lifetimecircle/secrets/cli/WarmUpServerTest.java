package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class WarmUpServerTest {
  @Test
  void answersSoThatTheWholeWayOfAReadIsWarmed() throws IOException {
    FakeTerminal terminal = new FakeTerminal();
    try (WarmUpServer server = new WarmUpServer()) {
      int code = new CommandLineRun(terminal, server.environment()).run("get", "warm/UP");
      assertThat(code).as(terminal.errText()).isZero();
    }
    assertThat(terminal.outText()).isEqualTo("warm");
  }
}
