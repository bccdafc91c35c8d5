package de.lifetimecircle.secrets.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExecCommandTest extends CommandTest {
  @TempDir Path folder;

  private String shell(String... options) throws IOException {
    Path file = folder.resolve("out");
    String[] args = new String[options.length + 5];
    args[0] = "exec";
    System.arraycopy(options, 0, args, 1, options.length);
    args[options.length + 1] = "--";
    args[options.length + 2] = "sh";
    args[options.length + 3] = "-c";
    args[options.length + 4] = "env > " + file;
    succeed(args);
    return "\n" + Files.readString(file);
  }

  @Test
  void setsVariablesOfTheChild() throws IOException {
    store.holding("prod/db-url", CANARY).holding("X", "x\ny");
    assertThat(shell("--secret", "prod/db-url", "--secret", "X=OTHER"))
        .contains("\nDB_URL=" + CANARY + "\n")
        .contains("\nOTHER=x\ny\n");
  }

  @Test
  void setsVariablesOfAPrefix() throws IOException {
    store.holding("prod/a", "1").holding("prod/b", "2").holding("test/a", "3");
    assertThat(shell("--all", "prod/")).contains("\nA=1\n").contains("\nB=2\n");
    fail(ExitCode.USAGE, "exec", "--all", "", "--", "true");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "3, 3", "255, 255"})
  void passesTheExitCodeOn(int asked, int got) {
    store.holding("X", CANARY);
    assertThat(run("exec", "--secret", "X", "--", "sh", "-c", "exit " + asked)).isEqualTo(got);
  }

  @Test
  void passesTheEndBySignalOn() {
    store.holding("X", CANARY);
    assertThat(run("exec", "--secret", "X", "--", "sh", "-c", "kill -9 $$")).isEqualTo(137);
    assertThat(run("exec", "--secret", "X", "--", "sh", "-c", "kill -TERM $$")).isEqualTo(143);
  }

  @Test
  void saysWhatCannotBeStartedAsAShellDoes() throws IOException {
    store.holding("X", CANARY);
    assertThat(run("exec", "--secret", "X", "--", "no-such-program-here", CANARY)).isEqualTo(127);
    assertThat(terminal.errText()).contains("no such program").doesNotContain(CANARY);
    Path text = Files.writeString(folder.resolve("text"), "not a program");
    assertThat(run("exec", "--secret", "X", "--", text.toString())).isEqualTo(126);
  }

  @Test
  void startsNothingWithoutEverySecret() {
    store.holding("X", CANARY);
    Path file = folder.resolve("started");
    fail(ExitCode.NOT_FOUND, "exec", "--secret", "X", "--secret", "no", "--", "touch", "" + file);
    assertThat(file).doesNotExist();
    assertThat(fail(ExitCode.USAGE, "exec", "--", "true")).contains("--secret");
    fail(ExitCode.USAGE, "exec", "--secret", "X=a-b", "--", "true");
    fail(ExitCode.USAGE, "exec", "--secret", "X=A", "--secret", "Y=A", "--", "true");
    fail(ExitCode.USAGE, "exec", "--secret", "X");
  }

  @Test
  void refusesWhatNoVariableHolds() {
    runWith(new FakeTerminal().input(new byte[] {'a', 0, 'b'}), "put", "X");
    fail(ExitCode.INVALID, "exec", "--secret", "X", "--", "true");
  }

  @ParameterizedTest
  @CsvSource({"X, X", "prod/db-url, DB_URL", "a/b.c@d, B_C_D", "9lives, _9LIVES", "\u00e4b, _B"})
  void namesVariables(String name, String variable) {
    assertThat(ExecCommand.variable(name)).isEqualTo(variable);
  }
}
