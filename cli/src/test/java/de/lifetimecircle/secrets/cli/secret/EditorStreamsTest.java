package de.lifetimecircle.secrets.cli.secret;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CliProcess;
import de.lifetimecircle.secrets.cli.CommandTest;
import de.lifetimecircle.secrets.cli.console.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An editor draws the value: on the terminal, and never into the streams of the command, which may
 * be a pipe or the log of a job. As processes of their own, because only they have a terminal.
 */
class EditorStreamsTest {
  private static final String CANARY = CommandTest.CANARY;

  /** Draws the text where an editor would, and complains. */
  private static final String DRAWS =
      "for last; do :; done; cat \"$last\"; cat \"$last\" >&2; sed -i s/old/new/ \"$last\"";

  @TempDir Path folder;
  private CliProcess cli;
  private Path memory = Path.of("");

  @BeforeEach
  void fill() throws Exception {
    cli = CliProcess.in(folder);
    memory = Files.createTempDirectory(Path.of("/dev/shm"), "edit-test");
    cli.environment.putAll(
        Map.of(
            "XDG_RUNTIME_DIR", memory.toString(),
            "SECRETS_BACKEND", "gpg",
            "SECRETS_GPG_STORE", folder.resolve("store").toString(),
            "SECRETS_GPG_KEY_FILE", folder.resolve("key.pgp").toString()));
    cli.succeed("", "init");
    cli.succeed(CANARY + "-old", "put", "KEY");
    cli.program("vim", DRAWS);
    cli.program("other", DRAWS);
  }

  @AfterEach
  void nothingIsLeftInMemory() throws IOException {
    Files.delete(memory); // fails if something is in it
  }

  private CliProcess.Result shell(String line) throws Exception {
    return cli.run("", "sh", "-c", line);
  }

  /** As in a job of CI: setsid takes the terminal away. */
  @Test
  void withoutATerminalAnEditorThatNeedsOneIsRefused() throws Exception {
    CliProcess.Result result = shell("setsid -w secrets edit KEY --editor vim </dev/null");
    assertThat(result.code()).as(result.text()).isEqualTo(ExitCode.USAGE.code());
    assertThat(result.text())
        .contains("there is no terminal", "'secrets put KEY --stdin'")
        .doesNotContain(CANARY);
    assertThat(cli.succeed("", "get", "KEY")).isEqualTo(CANARY + "-old");
  }

  /** As an editor with a window of its own, or a script that changes the text. */
  @Test
  void withoutATerminalNothingThatAnotherEditorPrintsIsKept() throws Exception {
    CliProcess.Result result =
        shell("setsid -w secrets edit KEY --editor other --trust-editor </dev/null");
    assertThat(result.code()).as(result.text()).isZero();
    assertThat(result.text()).contains("Updated 'KEY'").doesNotContain(CANARY);
    assertThat(cli.succeed("", "get", "KEY")).isEqualTo(CANARY + "-new");
  }

  @Test
  void inAPipeItDrawsOnTheTerminal() throws Exception {
    CliProcess.Result result =
        shell("script -qec 'secrets edit KEY --editor vim </dev/null >out 2>err' /dev/null");
    assertThat(result.code()).as(result.text()).isZero();
    assertThat(result.text()).as("the terminal").contains(CANARY);
    assertThat(folder.resolve("out")).content().contains("Updated 'KEY'").doesNotContain(CANARY);
    assertThat(folder.resolve("err")).content().doesNotContain(CANARY);
    assertThat(cli.succeed("", "get", "KEY")).isEqualTo(CANARY + "-new");
  }
}
