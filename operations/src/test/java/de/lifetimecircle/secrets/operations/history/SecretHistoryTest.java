package de.lifetimecircle.secrets.operations.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
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
}
