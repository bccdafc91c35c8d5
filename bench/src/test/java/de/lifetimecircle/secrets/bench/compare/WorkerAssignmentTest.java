package de.lifetimecircle.secrets.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.decision.results.Participant;
import de.lifetimecircle.secrets.decision.results.Realness;
import de.lifetimecircle.secrets.decision.results.ResultText;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class WorkerAssignmentTest {
  private static final WorkerAssignment WORK =
      new WorkerAssignment(
          WorkerAssignment.Kind.CALLS,
          new ParticipantAccess(
              new Participant("vault", "vault", ResultText.name("OpenBao 2"), Realness.REAL),
              Map.of("backend", "vault", "vault.token", "of-the-server"),
              List.of("vault.address"),
              "bench-1"),
          Map.of(0.0, 8200, 0.5, 8201),
          2,
          1500);

  @Test
  void processReadsWhatWasAssignedToIt() {
    assertThat(WorkerAssignment.of(WORK.json())).isEqualTo(WORK);
  }

  @Test
  void settingOfAnotherTypeIsNamedWithoutItsValue() {
    String broken = WORK.json().replace("\"of-the-server\"", "[\"of-the-server\"]");
    assertThatThrownBy(() -> WorkerAssignment.of(broken))
        .hasMessage("subject.settings.vault.token: a list (expected: a text)");
  }

  @Test
  void settingsShowNowhere() {
    assertThat(WORK.toString()).doesNotContain("of-the-server");
  }
}
