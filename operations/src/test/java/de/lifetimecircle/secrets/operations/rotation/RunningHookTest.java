package de.lifetimecircle.secrets.operations.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Background processes of a hook: while one does its work, no second hook starts beside it. */
class RunningHookTest {
  private static final String NAME = "prod/KEY";

  @TempDir Path folder;
  private RunningHook record;

  @BeforeEach
  void begin() {
    record = RunningHook.in(folder, NAME);
  }

  @AfterEach
  void stopChild() throws IOException {
    if (Files.exists(folder.resolve("child"))) {
      ProcessHandle.of(child()).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private long child() throws IOException {
    return Long.parseLong(Files.readString(folder.resolve("child")).strip());
  }

  private HookResult run(String script) {
    return new HookRunner(folder, Duration.ofSeconds(60))
        .run(
            List.of("sh", "-c", script),
            Map.of(),
            "",
            List.of(),
            hook -> record.began(RotationStep.DEPLOY, hook),
            HookWatch.NONE);
  }

  private void ends(long pid) {
    ProcessHandle.of(pid)
        .ifPresent(
            process -> {
              assertThat(process.destroyForcibly()).isTrue();
              assertThat(process.onExit()).succeedsWithin(Duration.ofSeconds(20));
            });
  }

  @Test
  void backgroundProcessOfAFailedHookIsNamedUntilItEnds() throws IOException {
    assertThat(run("sleep 600 >/dev/null 2>&1 & echo $! > child; exit 1").code()).isEqualTo(1);
    record.failed();
    assertThatThrownBy(() -> record.requireEnded(NAME, "rotate secret"))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("its hook 'deploy' still runs as process " + child())
        .hasMessageContaining("'kill " + child() + "'");
    ends(child());
    assertThatCode(() -> record.requireEnded(NAME, "rotate secret")).doesNotThrowAnyException();
    assertThatCode(() -> record.requireEnded(NAME, "rotate secret")).doesNotThrowAnyException();
  }

  /** As after a kill -9 of the program, whose hook then ends by itself. */
  @Test
  void backgroundProcessOfAnAbandonedHookIsNamedToo() throws IOException {
    assertThat(run("sleep 600 >/dev/null 2>&1 & echo $! > child").code()).isZero();
    assertThatThrownBy(() -> record.requireEnded(NAME, "rotate secret"))
        .hasMessageContaining("still runs as process " + child());
  }

  @Test
  void failedHookWithoutBackgroundProcessesLeavesNoRecord() {
    assertThat(run("exit 1").code()).isEqualTo(1);
    record.failed();
    assertThat(folder).isEmptyDirectory();
  }

  /** As in a container whose first process reaps nothing. */
  @Test
  void hookThatHasEndedAndWasNotReapedIsNotRunning() throws IOException {
    String script = "mkfifo gate; (read -r go < gate) & echo $! > child; exec cat";
    Process parent = new ProcessBuilder("sh", "-c", script).directory(folder.toFile()).start();
    try {
      parent.outputWriter().append('\n').flush();
      assertThat(parent.getInputStream().read()).isEqualTo('\n'); // cat reaps nothing
      Files.writeString(folder.resolve("gate"), "\n");
      ProcessHandle hook = ProcessHandle.of(child()).orElseThrow();
      while (!HookProcess.stat(hook.pid(), 0).orElseThrow().equals("Z")) {
        Thread.onSpinWait();
      }
      assertThat(hook.isAlive()).isTrue();
      record.began(RotationStep.APPLY, new HookProcess(hook, HookProcess.newMark()));
      assertThatCode(() -> record.requireEnded(NAME, "rotate secret")).doesNotThrowAnyException();
    } finally {
      boolean unused = parent.destroyForcibly().isAlive();
    }
  }

  /** A deployment may start the service itself, which goes on when the hook has ended. */
  @Test
  void daemonHoldsNothingUp() throws IOException {
    assertThat(
            run("setsid sh -c 'echo $$ > child; exec sleep 600' >/dev/null 2>&1 & "
                    + "while [ ! -s child ]; do sleep 0.05; done; exit 1")
                .code())
        .isEqualTo(1);
    record.failed();
    assertThatCode(() -> record.requireEnded(NAME, "rotate secret")).doesNotThrowAnyException();
    assertThat(ProcessHandle.of(child())).isPresent();
  }
}
