package de.lifetimecircle.secrets.cli.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.console.CommandSession;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.operations.rotation.DueSecret;
import de.lifetimecircle.secrets.operations.rotation.DueSecret.State;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The order in which a person reads due rotations: what somebody has to do comes first. */
class DueTableTest {
  private static final LocalDate TODAY = LocalDate.parse("2026-03-01");

  private static DueSecret secret(String name, State state, int days) {
    Optional<LocalDate> day =
        state == State.UNKNOWN ? Optional.empty() : Optional.of(TODAY.plusDays(days));
    Optional<LocalDate> made = Optional.of(LocalDate.parse("2026-01-01"));
    return new DueSecret(
        name, "prod/" + name, state, day, days, made, "made 2026-01-01", Optional.empty());
  }

  private static List<String> rows(String printed) {
    return printed
        .lines()
        .skip(1)
        .takeWhile(line -> !line.isEmpty())
        .map(line -> line.replaceAll("^(\\S+) +prod/(\\S+) .*", "$1 $2").strip())
        .toList();
  }

  @Test
  void whatSomebodyHasToDoComesFirstThenTheNextDays() {
    FakeTerminal terminal = new FakeTerminal();
    CommandSession session = new CommandSession(terminal, Map.of());
    new DueTable(session.output(), 14)
        .print(
            List.of(
                secret("A", State.LATER, 90),
                secret("B", State.LATER, 7),
                secret("C", State.DUE, -1),
                secret("D", State.UNKNOWN, 0),
                secret("E", State.RETIRE, 0),
                secret("F", State.DUE, -30),
                secret("G", State.OPEN, 0)));
    session.output().finish();
    assertThat(rows(terminal.outText()))
        .containsExactly("OPEN G", "UNKNOWN D", "DUE F", "DUE C", "RETIRE E", "LATER B", "LATER A");
    assertThat(terminal.outText())
        .contains(
            "7 secrets: 1 unfinished, 1 unknown, 2 due, 1 to retire, 2 later (1 within 14 days)");
  }
}
