package de.lifetimecircle.secrets.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

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
    terminal.outputIsTerminal = true;
    Progress progress = progress();
    progress.advance();
    assertThat(terminal.errText()).isEmpty();
    seconds(progress, 7);
    assertThat(terminal.errText())
        .isEqualTo(
            """
            secrets: 2 events read so far
            secrets: 4 events read so far
            secrets: 8 events read so far
            """);
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
