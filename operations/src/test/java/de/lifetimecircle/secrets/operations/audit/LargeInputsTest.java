package de.lifetimecircle.secrets.operations.audit;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.operations.inventory.Inventory;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.operations.rotation.RotationLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs that are larger than the heap, and more readers than a person reviews. */
class LargeInputsTest {
  private static final int MOST_SHOWN = 10_000;

  /** A line of a rotation log, as a rotation writes it; its digest is not looked at here. */
  private static final String LINE =
      "{\"sequence\":1,\"at\":\"2026-03-01T03:00:00Z\",\"by\":\"anna\",\"rotation\":\"0123456789abcdef\","
          + "\"environment\":\"prod\",\"secret\":\"DB_ADMIN_PW\",\"name\":\"prod/DB_ADMIN_PW\","
          + "\"scheme\":\"gpg\",\"event\":\"DONE\",\"step\":\"PROMOTE\",\"oldVersion\":\"v1\","
          + "\"newVersion\":\"v2\",\"note\":\"\",\"previous\":\"\",\"digest\":\""
          + "0".repeat(64)
          + "\"}\n";

  @TempDir Path folder;

  private String run(String what) throws Exception {
    Path said = folder.resolve("said");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                LargeInputs.class.getName(),
                what,
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    assertThat(process.waitFor(9, TimeUnit.MINUTES)).isTrue();
    return Files.readString(said);
  }

  @Test
  void moreReadersThanTheHeapHoldsAsTexts() throws Exception {
    assertThat(run("audit")).isEqualTo("done\n");
    try (Stream<String> lines = Files.lines(folder.resolve("readers"))) {
      assertThat(lines.count()).isEqualTo(LargeInputs.READERS);
    }
  }

  @Test
  void aRotationLogLongerThanTheHeap() throws Exception {
    Files.writeString(folder.resolve(RotationLog.FILE), LINE);
    assertThat(run("log")).startsWith("done " + LargeInputs.LINES + " ");
    assertThat(Files.size(folder.resolve(RotationLog.FILE))).isGreaterThan(35L << 20);
  }

  private static AccessAudit audit(Optional<KnownReaders> known) {
    Inventory inventory = Inventory.parse(InventoryText.example(), "secrets.yaml");
    AccessAudit audit =
        new AccessAudit(
            inventory, inventory.environment("prod"), Optional.empty(), known, Optional.empty());
    for (int i = 0; i < MOST_SHOWN + 2; i++) {
      audit.accept(
          new AuditEvent(
              Instant.parse("2026-03-03T11:00:00Z"),
              "userpass-" + i,
              "read",
              "prod/LTC_SECRET_KEY",
              "",
              "10.0.0.1",
              "ok"));
    }
    return audit;
  }

  /** A reader whom no finding names must not become one that is known. */
  @Test
  void firstReadersBeyondTheShownOnesAreReportedByTheNextAudit() throws IOException {
    Path file = folder.resolve("readers");
    new KnownReaders().write(file);
    AccessAudit first = audit(KnownReaders.of(file));
    assertThat(first.findings()).hasSize(MOST_SHOWN);
    assertThat(first.moreFound()).isEqualTo(2);
    first.readers().write(file);
    AccessAudit second = audit(KnownReaders.of(file));
    assertThat(second.findings()).hasSize(2);
    assertThat(second.moreFound()).isZero();
    second.readers().write(file);
    assertThat(audit(KnownReaders.of(file)).findings()).isEmpty();
  }

  @Test
  void theEarliestReadIsKeptWhateverTheOrderOfTheLog() throws IOException {
    Path file = folder.resolve("readers");
    KnownReaders readers = new KnownReaders();
    readers.add("anna", "prod/A", Instant.parse("2026-03-02T00:00:00Z"));
    readers.add("anna", "prod/A", Instant.parse("2026-03-01T00:00:00Z"));
    readers.write(file);
    assertThat(file)
        .hasContent(
            "{\"name\":\"prod/A\",\"principal\":\"anna\",\"first\":\"2026-03-01T00:00:00Z\"}\n");
  }
}
