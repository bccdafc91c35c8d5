package de.lifetimecircle.secrets.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.agent.http.ServerLimits;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentProgramTest {
  private final StringWriter said = new StringWriter();
  private final PrintWriter out = new PrintWriter(said);

  private int run(String... args) {
    return new AgentProgram().run(out, out, args);
  }

  /** The program knows the exit code of each kind; a code of our own would hide the kind. */
  @Test
  void failuresAtTheStartReachTheProgramWithTheirKind(@TempDir Path folder) {
    assertThatThrownBy(() -> run("--check", "--rules", folder.resolve("none").toString()))
        .isInstanceOfSatisfying(
            SecretException.class,
            e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.CONFIGURATION));
  }

  @Test
  void wrongOptionsAreTheUsersMistake() {
    assertThat(run("--no-such-option", "x")).isEqualTo(2);
    assertThat(run("--max-connections-per-user", "0")).isEqualTo(2);
    assertThat(said.toString())
        .contains("--no-such-option", "--max-connections-per-user: 0 (expected: 1 to 4096)");
    assertThat(run("--help")).isZero();
  }

  private static ServerLimits limits(String... args) {
    return AgentOptions.of(List.of(args), Map.of()).limits();
  }

  @Test
  void oneUserHasHalfOfTheConnectionsUnlessSaidOtherwise() {
    assertThat(limits().ofUser()).isEqualTo(128);
    assertThat(limits("--max-connections", "10").ofUser()).isEqualTo(5);
    assertThat(limits("--max-connections", "1").ofUser()).isEqualTo(1);
    for (List<String> order :
        List.of(
            List.of("--max-connections-per-user", "3", "--max-connections", "10"),
            List.of("--max-connections", "10", "--max-connections-per-user", "3"))) {
      assertThat(limits(order.toArray(String[]::new)).ofUser()).isEqualTo(3);
    }
    assertThat(limits("--max-connections-per-user", "256").ofUser()).isEqualTo(256);
  }

  /** Else it would be cut to all of them without a word. */
  @Test
  void oneUserCannotHaveMoreConnectionsThanThereAre() {
    assertThatThrownBy(() -> limits("--max-connections-per-user", "600"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "--max-connections-per-user: 600 (expected: at most --max-connections, which is 256)");
    assertThatThrownBy(() -> limits("--max-connections-per-user", "9", "--max-connections", "4"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("which is 4)");
  }
}
