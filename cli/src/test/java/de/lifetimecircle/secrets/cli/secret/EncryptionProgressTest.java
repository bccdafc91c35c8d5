package de.lifetimecircle.secrets.cli.secret;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.cli.console.Progress;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tests what a person sees while a large store is encrypted again. */
class EncryptionProgressTest {
  private final FakeTerminal terminal = new FakeTerminal();
  private long now;

  private void reportEveryHalfSecond() {
    CommandSession session = new CommandSession(terminal, Map.of());
    EncryptionProgress progress =
        new EncryptionProgress(new Progress(session, EncryptionProgress.CHECKED, () -> now));
    now += TimeUnit.MILLISECONDS.toNanos(1500);
    progress.checked(7000, 10_000);
    for (int done = 1000; done <= 5000; done += 1000) {
      now += TimeUnit.MILLISECONDS.toNanos(500);
      progress.encrypted(done, 10_000);
    }
  }

  @Test
  void showsHowFarItIs() {
    terminal.errorIsTerminal = true;
    reportEveryHalfSecond();
    assertThat(terminal.progress)
        .containsExactly(
            "secrets: 7,000 of 10,000 secrets checked",
            "secrets: 2,000 of 10,000 secrets encrypted to the recipients",
            "secrets: 4,000 of 10,000 secrets encrypted to the recipients");
  }

  @Test
  void printsNothingWithoutATerminal() {
    terminal.outputIsTerminal = true; // of the result, which is not where progress goes
    reportEveryHalfSecond();
    assertThat(terminal.errText()).isEmpty();
    assertThat(terminal.progress).isEmpty();
  }
}
