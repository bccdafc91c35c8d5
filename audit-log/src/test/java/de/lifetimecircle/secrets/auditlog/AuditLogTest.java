package de.lifetimecircle.secrets.auditlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretProviderBuilder;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.spi.ReaderAudit;
import de.lifetimecircle.secrets.spi.StoreConfig;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.LeakProbeExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakProbeExtension.class)
class AuditLogTest {
  private static final Instant NOW = Instant.parse("2026-03-02T09:15:30.123456Z");

  @TempDir Path folder;
  private final FakeStore store = FakeStore.create();

  private Path log() {
    return folder.resolve("audit.log");
  }

  private SecretProviderBuilder builder() {
    return SecretProvider.builder()
        .environment(Map.of())
        .clock(() -> NOW)
        .set("audit.log", log().toString())
        .set("audit.principal", "app")
        .set("prefix", "prod/")
        .set("retries", "0")
        .store(store);
  }

  private List<Map<?, ?>> lines() throws IOException {
    List<Map<?, ?>> lines = new ArrayList<>();
    for (String line : Files.readAllLines(log())) {
      lines.add((Map<?, ?>) Json.parse(line));
    }
    return lines;
  }

  private static String shown(Map<?, ?> line) {
    return line.get("operation")
        + " "
        + line.get("name")
        + " "
        + line.get("version")
        + " "
        + line.get("outcome");
  }

  @Test
  void saysWhoReadWhatWhenAndFromWhere(LeakProbe probe) throws IOException {
    store.holding("prod/KEY", probe.canary("value"));
    try (SecretProvider secrets = builder().build()) {
      secrets.get("KEY");
      secrets.get("KEY"); // from memory, so nothing was asked of the backend
    }
    assertThat(lines()).hasSize(1);
    Map<?, ?> line = lines().get(0);
    assertThat(line.get("time")).isEqualTo("2026-03-02T09:15:30.123Z");
    assertThat(line.get("principal")).isEqualTo("app");
    assertThat(line.get("user")).isEqualTo(System.getProperty("user.name"));
    assertThat(line.get("host")).asString().isNotEmpty();
    assertThat(line.get("pid")).hasToString(String.valueOf(ProcessHandle.current().pid()));
    assertThat(line.get("scheme")).isEqualTo("store");
    assertThat(shown(line)).isEqualTo("read prod/KEY v1 ok");
    probe.lookAtFiles(folder);
  }

  @Test
  void saysWhatWasChanged(LeakProbe probe) throws IOException {
    SecretValue first = SecretValue.of(probe.canary("first"));
    SecretValue second = SecretValue.of(probe.canary("second"));
    try (SecretWriter writer = builder().buildWriter()) {
      writer.create("KEY", first);
      writer.put("KEY", first);
      String pending = writer.putPending("KEY", second).version();
      writer.promote("KEY", pending);
      writer.rollback("KEY");
      writer.delete("KEY");
      writer.restore("KEY");
      writer.delete("KEY");
      writer.purge("KEY");
      writer.provider().list("K");
    }
    assertThat(lines().stream().map(AuditLogTest::shown))
        .containsExactly(
            "put prod/KEY v1 ok",
            "put prod/KEY v1 unchanged",
            "put prod/KEY v2 ok",
            "promote prod/KEY v2 ok",
            "versions prod/KEY null ok",
            "promote prod/KEY v1 ok",
            "delete prod/KEY null ok",
            "restore prod/KEY null ok",
            "delete prod/KEY null ok",
            "purge prod/KEY null ok",
            "list prod/K null ok");
    assertThat(lines().get(2).get("stage")).isEqualTo("pending");
    probe.lookAtFiles(folder);
  }

  @Test
  void saysWhatWasRefused(LeakProbe probe) throws IOException {
    store.holding("prod/A", probe.canary("a")).holding("prod/B", probe.canary("b"));
    store.next(FakeStore.Op.FETCH, "prod/A", FakeStep.fail(Kind.ACCESS_DENIED));
    String canary = probe.canary("in a defect");
    store.next(FakeStore.Op.FETCH, "prod/D", FakeStep.broken(new IllegalStateException(canary)));
    try (SecretProvider secrets = builder().build()) {
      secrets.getAll(List.of("A", "B", "C"));
      assertThatThrownBy(() -> secrets.get("D")).hasMessageContaining("Cannot get secret");
    }
    assertThat(lines().stream().map(AuditLogTest::shown))
        .contains("read prod/A null access-denied")
        .contains("read prod/B v2 ok")
        .contains("read prod/C null not-found")
        .contains("read prod/D null internal");
    probe.lookAtFiles(folder);
  }

  @Test
  void isForItsOwnerAndFollowsARotation() throws IOException {
    store.holding("prod/KEY", "value-of-no-importance");
    try (SecretProvider secrets = builder().build()) {
      secrets.refresh("KEY");
      Files.move(log(), folder.resolve("audit.log.1"));
      secrets.refresh("KEY");
    }
    assertThat(lines()).hasSize(1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log())))
        .isEqualTo("rw-------");
    assertThat(Files.readAllLines(folder.resolve("audit.log.1"))).hasSize(1);
  }

  @Test
  void aLogThatFailsIsToldAndMissedLinesAreCounted() throws IOException {
    store.holding("prod/KEY", "value-of-no-importance");
    List<String> warnings = new ArrayList<>();
    Handler handler = handler(warnings);
    Logger logger = Logger.getLogger("de.lifetimecircle.secrets.audit");
    logger.addHandler(handler);
    try (SecretProvider secrets = builder().build()) {
      secrets.refresh("KEY");
      Files.move(log(), folder.resolve("before"));
      Files.createDirectory(log());
      secrets.refresh("KEY");
      secrets.refresh("KEY");
      secrets.refresh("KEY");
      Files.delete(log());
      secrets.refresh("KEY");
      secrets.refresh("KEY");
    } finally {
      logger.removeHandler(handler);
    }
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0)).startsWith("Cannot write to the audit log");
    assertThat(lines()).hasSize(2);
    assertThat(lines().get(0).get("lost")).hasToString("3");
    assertThat(lines().get(1).containsKey("lost")).isFalse();
  }

  /** The agent writes for many readers, and all of their lines can get lost. */
  @Test
  void missedLinesOfAllReadersAreCounted() throws IOException {
    StoreConfig settings =
        new StoreConfig(
            Map.of("log", log().toString(), "principal", "agent", "reason", "routine"),
            variable -> Optional.empty(),
            Duration.ofSeconds(10),
            () -> NOW);
    List<String> warnings = new ArrayList<>();
    Handler handler = handler(warnings);
    Logger logger = Logger.getLogger("de.lifetimecircle.secrets.audit");
    logger.addHandler(handler);
    try {
      ReaderAudit readers = new FileAudit().readers("fake", settings).orElseThrow();
      Files.delete(log());
      Files.createDirectory(log());
      for (String reader : List.of("anna", "bert", "anna")) {
        readers.write("read", reader, Map.of("name", "KEY"), "ok");
      }
      Files.delete(log());
      readers.write("read", "clara", Map.of("name", "KEY"), "ok");
      readers.write("read", "anna", Map.of("name", "OTHER"), "not-found");
    } finally {
      logger.removeHandler(handler);
    }
    assertThat(warnings).hasSize(1);
    assertThat(lines())
        .extracting(line -> line.get("principal") + " " + line.get("name") + " " + line.get("lost"))
        .containsExactly("clara KEY 3", "anna OTHER null");
    assertThat(lines()).noneMatch(line -> line.containsKey("actor"));
  }

  private static Handler handler(List<String> warnings) {
    return new Handler() {
      @Override
      public void publish(LogRecord record) {
        warnings.add(record.getMessage());
      }

      @Override
      public void flush() {
        // Nothing is kept back.
      }

      @Override
      public void close() {
        // Nothing is open.
      }
    };
  }

  @Test
  void aFullDiskStopsNobody() {
    store.holding("prod/KEY", "value-of-no-importance");
    try (SecretProvider secrets = builder().set("audit.log", "/dev/full").build()) {
      assertThat(secrets.get("KEY").version()).isEqualTo("v1");
    }
  }

  @Test
  void anInterruptedThreadStillWrites() throws IOException {
    AuditFile file = AuditFile.open(log().toString());
    Thread.currentThread().interrupt();
    file.append("{}");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(Files.readAllLines(log())).containsExactly("{}");
  }

  @Test
  void whatCannotBeWrittenStopsTheStart() throws IOException {
    assertThatThrownBy(() -> builder().set("audit.log", folder + "/none/log").build())
        .hasMessageContaining("audit.log: ")
        .hasMessageContaining("there is no such folder");
    assertThatThrownBy(() -> builder().set("audit.log", folder.toString()).build())
        .hasMessageContaining("Is a directory");
    Files.createFile(log());
    Files.setPosixFilePermissions(log(), PosixFilePermissions.fromString("rw-rw----"));
    assertThatThrownBy(() -> builder().set("timeout", "never").build())
        .hasMessageContaining("2 mistakes")
        .hasMessageContaining("run chmod go-w on it");
  }

  @Test
  void anEmptyPrincipalIsNoName() throws IOException {
    store.holding("prod/KEY", "value-of-no-importance");
    try (SecretProvider secrets = builder().set("audit.principal", "").build()) {
      secrets.get("KEY");
    }
    assertThat(lines().get(0).get("principal")).isEqualTo(System.getProperty("user.name"));
  }

  @Test
  void hostIsTheNameOfTheSystemElseOfAVariable() throws IOException {
    Path none = folder.resolve("none");
    Path named = Files.writeString(folder.resolve("hostname"), "machine\n");
    Map<String, String> windows = Map.of("COMPUTERNAME", "desk");
    Map<String, String> both = Map.of("COMPUTERNAME", "desk", "HOSTNAME", "server");
    assertThat(CallOrigin.host(named, key -> Optional.ofNullable(both.get(key))))
        .isEqualTo("machine");
    assertThat(CallOrigin.host(none, key -> Optional.ofNullable(both.get(key))))
        .isEqualTo("server");
    assertThat(CallOrigin.host(none, key -> Optional.ofNullable(windows.get(key))))
        .isEqualTo("desk");
    assertThat(CallOrigin.host(none, key -> Optional.empty())).isEqualTo("unknown");
  }

  @Test
  void anEmptySettingIsNoLog() {
    store.holding("prod/KEY", "value-of-no-importance");
    try (SecretProvider secrets = builder().set("audit.log", "").build()) {
      secrets.get("KEY");
    }
    assertThat(log()).doesNotExist();
  }
}
