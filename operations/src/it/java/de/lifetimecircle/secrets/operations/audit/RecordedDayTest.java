package de.lifetimecircle.secrets.operations.audit;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.LeakProbeExtension;
import de.lifetimecircle.secrets.testservers.OpenBaoServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The three planted readers of a day on OpenBao are found, and nothing else is. */
@ExtendWith(LeakProbeExtension.class)
class RecordedDayTest {
  private static final List<String> PLANTED =
      List.of(
          "2026-03-02T01:13:00Z userpass-anna read prod/LTC_SECRET_KEY from 127.0.0.1:"
              + " [OUTSIDE_HOURS]",
          "2026-03-02T14:40:00Z approle/lifetimecircle-ci read prod/DATABASE_URL from 127.0.0.1:"
              + " [OUTSIDE_DEPLOYMENT]",
          "2026-03-02T15:20:00Z approle/old-job read prod/LTC_SECRET_KEY from 127.66.6.6:"
              + " [UNKNOWN_PRINCIPAL, UNKNOWN_ADDRESS]");

  @TempDir Path folder;

  private static AccessAudit audit(InputStream log) {
    Inventory inventory = OpenBaoDay.inventory();
    AccessAudit audit =
        new AccessAudit(
            inventory,
            inventory.environment("prod"),
            Optional.of(OpenBaoDay.deployments()),
            Optional.empty(),
            Optional.empty());
    AuditLogs logs = new AuditLogs(LogFormat.AUTO, audit::accept);
    logs.read("log", log);
    logs.end();
    assertThat(logs.problems()).isEmpty();
    assertThat(logs.events()).isEqualTo(26);
    return audit;
  }

  private static List<String> shown(AccessAudit audit) {
    return audit.findings().stream()
        .map(
            found -> {
              AuditEvent event = found.event();
              return event.at()
                  + " "
                  + event.principal()
                  + " "
                  + event.operation()
                  + " "
                  + event.name()
                  + " from "
                  + event.place()
                  + ": "
                  + found.reasons();
            })
        .toList();
  }

  /** Recorded on 2026-11-25 from OpenBao 2.7.2 by {@link OpenBaoDay}, its times shifted. */
  @Test
  void inTheRecording() throws IOException {
    try (InputStream log = getClass().getResourceAsStream("openbao-day.jsonl.gz")) {
      AccessAudit audit = audit(Objects.requireNonNull(log, "the recording"));
      assertThat(shown(audit)).isEqualTo(PLANTED);
      assertThat(audit.groups().stream().map(group -> group.event().toString()))
          .noneMatch(text -> text.contains("hmac-"));
    }
  }

  @Test
  void onALiveServer(LeakProbe probe) throws IOException, GeneralSecurityException {
    try (OpenBaoServer server = OpenBaoServer.start(folder)) {
      probe.watch("root token", server.rootToken());
      List<String> log = OpenBaoDay.record(server);
      byte[] bytes = String.join("\n", log).getBytes(StandardCharsets.UTF_8);
      AccessAudit audit = audit(new ByteArrayInputStream(bytes));
      assertThat(shown(audit)).isEqualTo(PLANTED);
      probe.look("findings", audit.findings()).look("readers", audit.groups());
    }
  }
}
