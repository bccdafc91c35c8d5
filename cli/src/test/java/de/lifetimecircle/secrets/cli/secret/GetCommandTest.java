package de.lifetimecircle.secrets.cli.secret;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GetCommandTest extends CommandTest {
  @Test
  void writesTheExactBytesToPipe() {
    store.holding("db/PASSWORD", CANARY);
    assertThat(succeed("get", "db/PASSWORD")).isEqualTo(CANARY);
  }

  @Test
  void keepsBytesThatAreNoText() {
    byte[] bytes = {0, (byte) 0xff, '\n', (byte) 0x80, '\r', '\n'};
    assertThat(runWith(new FakeTerminal().input(bytes), "put", "X", "--allow-empty")).isZero();
    assertThat(run("get", "X")).isZero();
    assertThat(terminal.outBytes.toByteArray()).isEqualTo(bytes);
    assertThat(succeed("--json", "get", "X")).contains("\"base64\":\"AP8KgA0K\"");
  }

  @Test
  void showsNothingOnTerminalUnlessAsked() {
    store.holding("X", CANARY);
    FakeTerminal screen = new FakeTerminal();
    screen.outputIsTerminal = true;
    assertThat(runWith(screen, "get", "X")).isEqualTo(2);
    assertThat(screen.outText()).isEmpty();
    assertThat(screen.errText()).contains("--show").doesNotContain(CANARY);
    assertThat(store.calls()).isZero();

    FakeTerminal asked = new FakeTerminal();
    asked.outputIsTerminal = true;
    assertThat(runWith(asked, "get", "X", "--show")).isZero();
    assertThat(asked.outText()).isEqualTo(CANARY + "\n");
  }

  @Test
  void readsVersionsAndStages() {
    store.holding("X", "first").holding("X", "second");
    String firstVersion = store.versions("X").get(1).id();
    assertThat(succeed("get", "X", "--version", firstVersion)).isEqualTo("first");
    assertThat(succeed("get", "X", "--stage", "previous")).isEqualTo("first");
    assertThat(succeed("get", "X", "--stage=current")).isEqualTo("second");
    assertThat(fail(ExitCode.NOT_FOUND, "get", "X", "--version", "v99")).contains("v99");
    fail(ExitCode.NOT_FOUND, "get", "X", "--stage", "pending");
    fail(ExitCode.USAGE, "get", "X", "--stage", "later");
    fail(ExitCode.USAGE, "get", "X", "--stage", "previous", "--version", "v1");
  }

  @Test
  void readsOneFieldOfJson() {
    store.holding("X", "{\"user\":\"u\",\"port\":5432}");
    assertThat(succeed("get", "X", "--field", "user")).isEqualTo("u");
    assertThat(succeed("get", "X", "--field", "port")).isEqualTo("5432");
    assertThat(fail(ExitCode.INVALID, "get", "X", "--field", "nothing")).doesNotContain("5432");
  }

  @Test
  void writesJson() {
    store.holding("X", "v\"1");
    assertThat(succeed("get", "X", "--json"))
        .isEqualTo(
            printed(
                "get",
                "{\"name\":\"X\",\"version\":\""
                    + store.versions("X").get(0).id()
                    + "\",\"origin\":\"backend\",\"value\":\"v\\\"1\"}"));
  }

  /** The quick parser and picocli must agree on every command line that the quick one accepts. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "get X",
        "get X --show",
        "get --show X",
        "get X --version v1",
        "get --version v1 X",
        "get X --stage previous",
        "get X --field user",
        "get X --backend fake",
        "get --backend fake X --show",
        "get X --version v1 --stage previous",
        "get missing",
        "get a//b",
      })
  void quickWayEqualsParser(String line) {
    store.holding("X", "{\"user\":\"old\"}").holding("X", "{\"user\":\"new\"}");
    String[] args = line.split(" ");
    assertThat(QuickGet.parse(args, new CommandSession(new FakeTerminal(), environment)))
        .isNotNull();
    int quick = run(args);
    String quickOut = terminal.outText();
    String quickErr = terminal.errText();

    // An option that the quick way leaves to the parser and that changes nothing here.
    String[] slow = (line + " --set soft-age=5m").split(" ");
    assertThat(QuickGet.parse(slow, new CommandSession(new FakeTerminal(), environment))).isNull();
    assertThat(run(slow)).isEqualTo(quick);
    assertThat(terminal.outText()).isEqualTo(quickOut);
    assertThat(terminal.errText()).isEqualTo(quickErr);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "get",
        "get X Y",
        "get X --version",
        "get X --version --show",
        "get --help",
        "get X --json",
        "get X --shw",
        "get X --show --show",
        "get X --stage=previous",
        "get X --stage nothing",
        "put X",
        "--json get X",
      })
  void quickWayLeavesTheRestToParser(String line) {
    assertThat(QuickGet.parse(line.split(" "), new CommandSession(new FakeTerminal(), environment)))
        .isNull();
  }

  @Test
  void aReaderThatIsGoneIsNoSuccess() {
    store.holding("X", CANARY);
    FakeTerminal full =
        new FakeTerminal() {
          @Override
          public java.io.PrintStream out() {
            return broken;
          }
        };
    assertThat(runWith(full, "get", "X")).isEqualTo(ExitCode.INTERNAL.code());
    assertThat(full.errText()).contains("Cannot write").doesNotContain(CANARY);
  }

  private final java.io.PrintStream broken =
      new java.io.PrintStream(
          new java.io.OutputStream() {
            @Override
            public void write(int b) throws java.io.IOException {
              throw new java.io.IOException("no space");
            }
          },
          false,
          java.nio.charset.StandardCharsets.UTF_8);
}
