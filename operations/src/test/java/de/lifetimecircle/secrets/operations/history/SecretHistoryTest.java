package de.lifetimecircle.secrets.operations.history;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.rotation.LogEntry;
import de.lifetimecircle.secrets.operations.rotation.RotationLog;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretHistoryTest {
  @TempDir Path folder;

  @Test
  void takesTheCallsOfOneSecretInTheOrderOfTime() throws IOException {
    String line =
        "{\"audit\":1,\"time\":\"2026-03-0%dT10:00:00Z\",\"principal\":\"%s\","
            + "\"host\":\"h\",\"operation\":\"%s\",\"name\":\"%s\",\"version\":\"v\",\"outcome\":\"%s\"%s}\n";
    String log =
        String.format(
                Locale.ROOT, line, 3, "cli", "put", "prod/KEY", "ok", ",\"reason\":\"ticket 7\"")
            + String.format(Locale.ROOT, line, 1, "api", "read", "prod/KEY", "ok", "")
            + String.format(Locale.ROOT, line, 2, "ann", "delete", "prod/KEY", "access-denied", "")
            + String.format(Locale.ROOT, line, 4, "cli", "put", "prod/KEY2", "ok", "")
            + "{\"audit\":1,\"name\":\"prod/KEY\",\"cut";
    Path file = Files.writeString(folder.resolve("audit.log"), log);
    SecretHistory changes = new SecretHistory("prod/KEY");
    changes.addAudit(file, SecretHistory.Calls.CHANGES);
    assertThat(changes.events())
        .extracting(HistoryEntry::what)
        .containsExactly("delete: access-denied", "put (ticket 7)");
    assertThat(changes.events().get(1).by()).isEqualTo("cli@h");
    SecretHistory all = new SecretHistory("prod/KEY");
    all.addAudit(file, SecretHistory.Calls.ALL);
    assertThat(all.events())
        .extracting(HistoryEntry::what)
        .containsExactly("read", "delete: access-denied", "put (ticket 7)");
  }

  /** A clock can stand still, or have no more than seconds. */
  @Test
  void whatHappenedAtOneInstantIsInTheOrderOfItsSource() {
    Instant now = Instant.parse("2026-03-01T10:00:30Z");
    FakeStore store = FakeStore.create().clock(() -> now);
    List.of("a", "b", "c").forEach(value -> store.holding("prod/KEY", value));
    RotationLog log = new RotationLog(folder.resolve("journals"));
    assertThat(folder.resolve("journals/locks").toFile().mkdirs()).isTrue();
    for (LogEntry.Event event :
        List.of(
            LogEntry.Event.EMERGENCY_BEGUN,
            LogEntry.Event.BEGUN,
            LogEntry.Event.FINISHED,
            LogEntry.Event.EMERGENCY_ENDED)) {
      String unused = log.append(entry(now, event));
    }
    SecretHistory history = new SecretHistory("prod/KEY");
    history.addRotations(log);
    try (SecretProvider provider = SecretProvider.builder().store(store).build()) {
      history.addVersions(provider);
    }
    assertThat(history.events())
        .filteredOn(event -> event.source() == HistoryEntry.Source.STORE)
        .extracting(HistoryEntry::version)
        .containsExactly("v1", "v2", "v3");
    assertThat(history.events())
        .filteredOn(event -> event.source() != HistoryEntry.Source.STORE)
        .extracting(HistoryEntry::what)
        .containsExactly(
            "emergency begun", "rotation begun", "rotation finished", "emergency ended (done)");
    assertThat(history.events())
        .filteredOn(event -> event.source() == HistoryEntry.Source.EMERGENCIES)
        .hasSize(2);
  }

  private static LogEntry entry(Instant at, LogEntry.Event event) {
    String note = event == LogEntry.Event.EMERGENCY_ENDED ? "done" : "";
    return new LogEntry(
        0, at, "anna", "", "prod", "KEY", "prod/KEY", "", event, Optional.empty(), "", "", note);
  }
}
