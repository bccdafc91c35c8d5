package de.lifetimecircle.secrets.cli.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
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
    store.holding("prod/ld-sdk-key", "3").holding("prod/path-to-x", "4").holding("prod/env", "5");
    assertThat(shell("--all", "prod/"))
        .contains("\nA=1\n", "\nB=2\n", "\nLD_SDK_KEY=3\n", "\nPATH_TO_X=4\n", "\nENV=5\n");
    fail(ExitCode.USAGE, "exec", "--all", "", "--", "true");
  }

  /** A mistyped prefix would start the program without its variables. */
  @Test
  void aPrefixWithoutANameStartsNothing() {
    store.holding("prod/a", CANARY);
    assertThat(fail(ExitCode.NOT_FOUND, "exec", "--all", "prodd/", "--", "echo", "started"))
        .contains("no name begins with 'prodd/'");
    fail(ExitCode.NOT_FOUND, "export", "--format", "shell", "--all", "prodd/");
  }

  /** Whoever may write to the store chooses the names below a prefix. */
  @ParameterizedTest
  @CsvSource({
    "ld-preload, LD_PRELOAD",
    "bash_env, BASH_ENV",
    "path, PATH",
    "node.options, NODE_OPTIONS",
    "java-tool-options, JAVA_TOOL_OPTIONS",
    "git-config-count, GIT_CONFIG_COUNT"
  })
  void noNameOfAPrefixMakesTheChildLoadOtherCode(String name, String variable) throws IOException {
    store.holding("prod/a", "1").holding("prod/" + name, CANARY);
    assertThat(fail(ExitCode.USAGE, "exec", "--all", "prod/", "--", "true"))
        .contains("'prod/" + name + "': " + variable + " makes programs load other code")
        .doesNotContain(CANARY);
    fail(ExitCode.USAGE, "export", "--format", "shell", "--all", "prod/");
    assertThat(shell("--secret", "prod/a", "--secret", "prod/" + name + "=X"))
        .contains("\nX=" + CANARY + "\n");
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

  /** No charset has half of a pair, so this holds in whatever locale the tests run. */
  @Test
  void refusesAnArgumentThatTheChildWouldGetChanged() {
    store.holding("X", CANARY);
    for (String changed : new String[] {"a\ud800", "a\ufffd"}) {
      assertThat(fail(ExitCode.USAGE, "exec", "--secret", "X", "--", "true", changed))
          .contains("LC_ALL=C.UTF-8");
    }
    assertThat(store.calls()).isZero();
  }

  private String inventory() throws IOException {
    return Files.writeString(folder.resolve("secrets.yaml"), InventoryText.example()).toString();
  }

  @Test
  void setsWhatTheInventoryLetsAReaderHave() throws IOException {
    String url = "postgresql://postgres:" + CANARY + "@db:5432/ltc";
    store.holding("prod/LTC_SECRET_KEY", "k".repeat(64)).holding("prod/DATABASE_URL", url);
    assertThat(shell("--for", "ci", "--inventory", inventory()))
        .contains("\nLTC_SECRET_KEY=" + "k".repeat(64) + "\n")
        .contains("\nDATABASE_URL=" + url + "\n")
        .doesNotContain("ADMIN_API_TOKEN=");
    assertThat(fail(ExitCode.NOT_FOUND, "exec", "--for=service", "--inventory", inventory(), "x"))
        .contains("prod/ADMIN_API_TOKEN")
        .doesNotContain(CANARY);
    fail(ExitCode.USAGE, "exec", "--for", "rotator", "--inventory", inventory(), "--", "true");
    fail(ExitCode.USAGE, "exec", "--all", "X", "--inventory", inventory(), "--", "true");
  }

  @Test
  void sendsTheChildALocalOverrideAndSaysSo() throws IOException {
    environment.put("LTC_SECRET_KEY_LOCAL", "l".repeat(40));
    store.holding("prod/DATABASE_URL", "postgresql://u:p@db/ltc");
    int code =
        run(
            "exec",
            "--for",
            "ci",
            "--inventory",
            inventory(),
            "--",
            "sh",
            "-c",
            "test \"$LTC_SECRET_KEY\" = " + "l".repeat(40));
    assertThat(code).isZero();
    assertThat(terminal.errText()).isEqualTo("secrets: from a local override: LTC_SECRET_KEY\n");
    environment.put("LTC_SECRET_KEY_LOCAL", "l".repeat(40) + "\ufffd");
    assertThat(fail(ExitCode.INVALID, "exec", "--for=ci", "--inventory", inventory(), "true"))
        .contains("'prod/LTC_SECRET_KEY'", "cannot read", "LC_ALL=C.UTF-8");
    environment.put("LTC_SECRET_KEY_LOCAL", CANARY);
    assertThat(fail(ExitCode.INVALID, "exec", "--for=ci", "--inventory", inventory(), "true"))
        .contains("LTC_SECRET_KEY_LOCAL breaks a rule (expected: at least 32 bytes)")
        .doesNotContain(CANARY);
  }

  @Test
  void masksInBothStreamsAheadOfTheProgramAndOnlyForARunner() {
    store.holding("X", CANARY + "\n2nd");
    fail(ExitCode.USAGE, "exec", "--mask", "github", "--secret", "X", "--", "true");
    fail(ExitCode.USAGE, "exec", "--mask", "gitlab", "--secret", "X", "--", "true");
    environment.put("GITHUB_ACTIONS", "true");
    FakeTerminal screen = new FakeTerminal();
    screen.outputIsTerminal = true;
    assertThat(runWith(screen, "exec", "--mask=github", "--secret", "X", "true"))
        .isEqualTo(ExitCode.USAGE.code());
    assertThat(screen.outText() + screen.errText()).doesNotContain(CANARY);
    assertThat(run("exec", "--mask", "github", "--secret", "X", "--", "true")).isZero();
    String masks =
        "::add-mask::" + CANARY + "%0A2nd\n::add-mask::" + CANARY + "\n::add-mask::2nd\n";
    assertThat(terminal.outText()).isEqualTo(masks);
    assertThat(terminal.errText()).isEqualTo(masks);
  }

  /** Also if a signal ends the program; the file is in memory, and the variable has its path. */
  @Test
  void putsAValueIntoAFileInMemoryThatIsGoneAfterwards() throws IOException {
    store.holding("app/key", CANARY);
    Path out = folder.resolve("out");
    String look =
        "cat $F > "
            + out
            + "; stat -c ' %a ' $F >> "
            + out
            + "; stat -f -c %T $F >> "
            + out
            + "; echo $F >> "
            + out
            + "; env | grep -c c4n4ry >> "
            + out
            + "; kill -9 $$";
    assertThat(run("exec", "--file", "app/key=F", "--", "sh", "-c", look)).isEqualTo(137);
    String[] lines = Files.readString(out).split("\n", -1);
    assertThat(lines[0]).isEqualTo(CANARY + " 600 ");
    assertThat(lines[1]).isEqualTo("tmpfs");
    assertThat(Path.of(lines[2]).getParent()).doesNotExist();
    assertThat(lines[3]).isEqualTo("0");
    fail(ExitCode.USAGE, "exec", "--file", "app/key", "--", "true");
    fail(ExitCode.USAGE, "exec", "--file", "app/key=F", "--secret", "app/key=F", "--", "true");
  }

  @Test
  void givesAValueToStandardInput() throws IOException {
    store.holding("app/key", CANARY);
    Path out = folder.resolve("out");
    succeed("exec", "--stdin", "app/key", "--", "sh", "-c", "cat > " + out + "; env >> " + out);
    String text = Files.readString(out);
    assertThat(text).startsWith(CANARY);
    assertThat(text.substring(CANARY.length())).doesNotContain(CANARY);
    assertThat(run("exec", "--stdin", "app/key", "--", "true")).isZero();
  }
}
