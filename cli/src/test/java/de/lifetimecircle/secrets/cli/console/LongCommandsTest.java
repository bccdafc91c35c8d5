package de.lifetimecircle.secrets.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a person sees of a command that takes long, or meets a bound. */
class LongCommandsTest {
  private final FakeTerminal terminal = new FakeTerminal();
  private long nanos;

  private Progress progress() {
    return new Progress(new CommandSession(terminal, Map.of()), "events read", () -> nanos);
  }

  private void seconds(Progress progress, int count) {
    for (int i = 0; i < count; i++) {
      nanos += TimeUnit.SECONDS.toNanos(1);
      progress.advance();
    }
  }

  @Test
  void aPersonSeesHowFarItIsAndAPipeDoesNot() {
    Progress unwatched = progress();
    seconds(unwatched, 10);
    assertThat(terminal.errText()).isEmpty();
    terminal.errorIsTerminal = true;
    Progress progress = progress();
    progress.advance();
    assertThat(terminal.errText()).isEmpty();
    seconds(progress, 3);
    assertThat(terminal.progress)
        .containsExactly(
            "secrets: 2 events read so far",
            "secrets: 3 events read so far",
            "secrets: 4 events read so far");
    assertThat(terminal.errText()).isEmpty();
  }

  /** The first seconds say little about the rest. */
  @Test
  void aPersonSeesWhatIsLeft() {
    terminal.errorIsTerminal = true;
    Progress progress = progress();
    progress.expect(1000);
    seconds(progress, 5);
    nanos += TimeUnit.HOURS.toNanos(1);
    progress.at("secrets copied", 500, 1500);
    nanos += TimeUnit.MINUTES.toNanos(1);
    progress.at("secrets copied", 1000, 1500);
    nanos += TimeUnit.MINUTES.toNanos(1);
    progress.at("secrets copied", 1500, 1500);
    nanos += TimeUnit.MINUTES.toNanos(1);
    progress.at("secrets copied", 1501, 1500);
    assertThat(terminal.progress)
        .containsExactly(
            "secrets: 1 of 1,000 events read",
            "secrets: 2 of 1,000 events read",
            "secrets: 3 of 1,000 events read",
            "secrets: 4 of 1,000 events read",
            "secrets: 5 of 1,000 events read, about 17 min left",
            "secrets: 500 of 1,500 secrets copied",
            "secrets: 1,000 of 1,500 secrets copied, about 60 s left",
            "secrets: 1,500 of 1,500 secrets copied",
            "secrets: 1,501 secrets copied so far");
  }

  /** What was estimated a minute ago must not stay beside what is known now. */
  @Test
  void aLineReplacesTheOneBeforeAndAnyOutputRemovesIt() throws IOException {
    ByteArrayOutputStream screen = new ByteArrayOutputStream();
    ProgressLine line = new ProgressLine(screen);
    OutputStream out = line.before(screen);
    line.show("");
    out.write('>');
    line.show("1 of 9\u001b[2J\n");
    line.show("x".repeat(300));
    out.write("Done\n".getBytes(StandardCharsets.UTF_8));
    out.write("Next\n".getBytes(StandardCharsets.UTF_8));
    String remove = "\r\u001b[K";
    assertThat(screen.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            ">"
                + remove
                + "1 of 9?[2J "
                + remove
                + "x".repeat(76)
                + "..."
                + remove
                + "Done\nNext\n");
  }

  @Test
  void aLongHookShowsItsTimeItsLimitAndItsLastOutput() {
    terminal.errorIsTerminal = true;
    HookProgress hooks = new HookProgress(new CommandSession(terminal, Map.of()));
    hooks.runs("deploy", Duration.ofSeconds(1), Duration.ofMinutes(5), "");
    hooks.runs("deploy", Duration.ofSeconds(125), Duration.ofMinutes(5), "2 of 3 tasks run");
    assertThat(terminal.progress)
        .containsExactly(
            "secrets: hook deploy: 1 s of at most 5 min 0 s",
            "secrets: hook deploy: 2 min 5 s of at most 5 min 0 s; it printed last: 2 of 3 tasks"
                + " run");
    assertThat(terminal.errText()).isEmpty();
  }

  /** A log gets a line now and then, never the output; the second hook begins to count again. */
  @Test
  void withoutATerminalALineComesFromTimeToTime() {
    HookProgress hooks = new HookProgress(new CommandSession(terminal, Map.of()));
    for (int second = 1; second <= 600; second++) {
      hooks.runs("deploy", Duration.ofSeconds(second), Duration.ofMinutes(10), "waits");
    }
    for (int second = 1; second <= 31; second++) {
      hooks.runs("verify", Duration.ofSeconds(second), Duration.ofSeconds(90), "");
    }
    assertThat(terminal.progress).isEmpty();
    assertThat(terminal.errText())
        .isEqualTo(
            """
            secrets: hook deploy: 30 s of at most 10 min 0 s
            secrets: hook deploy: 60 s of at most 10 min 0 s
            secrets: hook deploy: 2 min 0 s of at most 10 min 0 s
            secrets: hook deploy: 4 min 0 s of at most 10 min 0 s
            secrets: hook deploy: 8 min 0 s of at most 10 min 0 s
            secrets: hook verify: 30 s of at most 90 s
            """);
  }

  /** A full disk is no bug of this program. */
  @Test
  void aFileThatCannotBeWrittenIsNamedWithItsReason() {
    IOException full = new FileSystemException("/srv/x", null, "No space left on device");
    int code =
        new ErrorReport(new CommandSession(terminal, Map.of()))
            .report(new UncheckedIOException(full));
    assertThat(code).isEqualTo(ExitCode.INVALID.code());
    assertThat(terminal.errText())
        .isEqualTo("secrets: Cannot read or write a file: /srv/x: No space left on device.\n");
  }

  @Test
  void aFullHeapIsOneLineThatSaysWhatToDo() {
    int code =
        new ErrorReport(new CommandSession(terminal, Map.of())).report(new OutOfMemoryError("x"));
    assertThat(code).isEqualTo(ExitCode.INTERNAL.code());
    assertThat(terminal.errText())
        .startsWith("secrets: Cannot finish: the input needs more memory than the ")
        .contains("SECRETS_MAX_MEMORY=4g")
        .hasLineCount(1);
  }
}
