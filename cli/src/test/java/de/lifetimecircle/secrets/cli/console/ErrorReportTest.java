package de.lifetimecircle.secrets.cli.console;

import static de.lifetimecircle.secrets.cli.CommandTest.CANARY;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The stack trace of {@code --debug}, which people paste into reports. */
class ErrorReportTest {
  private final FakeTerminal terminal = new FakeTerminal();

  private String debugged(Throwable failure) {
    CommandSession session = new CommandSession(terminal, Map.of());
    session.debug = true;
    int code = new ErrorReport(session).report(failure);
    assertThat(code).isEqualTo(ExitCode.INTERNAL.code());
    return terminal.errText();
  }

  @Test
  void theStackOfADefectHasTypesAndPlacesAndNoTexts() {
    Throwable parsing = new NumberFormatException("For input string: \"" + CANARY + "\"");
    assertThat(debugged(new IllegalStateException("cannot use " + CANARY, parsing)))
        .contains("java.lang.IllegalStateException (its text is left out)\n\tat ")
        .contains("java.lang.NumberFormatException (its text is left out)\n\tat ")
        .doesNotContain(CANARY);
  }

  @Test
  void theStackOfADefectEndsThoughItsCausesLeadBack() {
    IllegalStateException first = new IllegalStateException(CANARY);
    first.initCause(new IllegalArgumentException(CANARY, first));
    assertThat(debugged(first)).doesNotContain(CANARY);
  }

  /** Our own texts stay, also below a defect, and none of them controls the terminal. */
  @Test
  void theTextsOfOurOwnFailuresAreShownWithoutControlCharacters() {
    SecretException ours =
        SecretException.of(SecretException.Kind.INTERNAL, "read it")
            .reason("the file \u009b31m\u202e is there")
            .build();
    assertThat(debugged(new IllegalStateException(CANARY, ours)))
        .contains("Cannot read it: the file ?31m? is there.\n\tat ")
        .doesNotContain(CANARY);
    assertThat(debugged(ours)).contains("Cannot read it: the file ?31m? is there.\n\tat ");
  }
}
