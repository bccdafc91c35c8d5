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
    terminal.errorIsTerminal = true;
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
  void aPersonSeesWhatIsLeft() {
    terminal.errorIsTerminal = true;
    Progress progress = progress();
    progress.expect(1000);
    seconds(progress, 3);
    nanos += TimeUnit.HOURS.toNanos(1);
    progress.at("secrets copied", 500, 1500);
    nanos += TimeUnit.MINUTES.toNanos(1);
    progress.at("secrets copied", 1000, 1500);
    nanos += TimeUnit.MINUTES.toNanos(1);
    progress.at("secrets copied", 1500, 1500);
    nanos += TimeUnit.MINUTES.toNanos(1);
    progress.at("secrets copied", 1501, 1500);
    assertThat(terminal.errText())
        .isEqualTo(
            """
            secrets: 1 of 1,000 events read, about 17 min left
            secrets: 3 of 1,000 events read, about 17 min left
            secrets: 500 of 1,500 secrets copied
            secrets: 1,000 of 1,500 secrets copied, about 60 s left
            secrets: 1,500 of 1,500 secrets copied
            secrets: 1,501 secrets copied so far
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
