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
import java.util.regex.Pattern;
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
        .contains("it has no such option", "--max-connections-per-user (expected: 1 to 4096)");
    assertThat(run("--help")).isZero();
  }

  /** Each with an argument of its own, as the help lists them. */
  private static List<String> options() {
    return Pattern.compile("(?m)^ +(--[a-z-]+) [A-Z]")
        .matcher(AgentOptions.usage())
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  /** As of every command: a word in the wrong place may be a secret. */
  @Test
  void noArgumentIsRepeated() {
    String secret = "S3CRET=x/..";
    assertThat(run(secret, "--check")).isEqualTo(2);
    assertThat(run(secret)).isEqualTo(2);
    assertThat(run("--check", "--" + secret)).isEqualTo(2);
    assertThat(run("--check=" + secret)).isEqualTo(2);
    assertThat(run("token", secret)).isEqualTo(2);
    for (String option : List.of("--listen", "--vault", "--max-connections")) {
      assertThat(run("--check", option, secret)).isEqualTo(2);
      assertThat(run("--check", option + "=" + secret)).isEqualTo(2);
      assertThat(said.toString()).contains("Cannot use " + option + " (expected: ");
    }
    assertThat(said.toString()).doesNotContain("S3CRET");
    assertThat(run("--chekc", "--listn=" + secret)).isEqualTo(2);
    assertThat(said.toString()).contains("Did you mean '--check'?").doesNotContain("S3CRET");
  }

  @Test
  void everyOptionTakesItsArgumentInBothForms() {
    assertThat(options()).hasSize(8).contains("--listen", "--max-connections-per-user");
    for (String option : options()) {
      String value =
          option.startsWith("--max") ? "7" : option.matches("--(listen|vault)") ? "[::1]:9" : "a=b";
      assertThat(AgentOptions.of(List.of(option + "=" + value, "--check"), Map.of()))
          .isEqualTo(AgentOptions.of(List.of(option, value, "--check"), Map.of()))
          .isNotEqualTo(AgentOptions.of(List.of("--check"), Map.of()));
      for (List<String> none : List.of(List.of(option), List.of(option + "="))) {
        assertThatThrownBy(() -> AgentOptions.of(none, Map.of()))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage(
                "Cannot start the agent: the argument of %s is missing. See 'secrets agent"
                    + " --help'.",
                option);
      }
    }
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
            "Cannot use --max-connections-per-user (expected: at most --max-connections, which is"
                + " 256).");
    assertThatThrownBy(() -> limits("--max-connections-per-user", "9", "--max-connections", "4"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("which is 4).");
  }
}
