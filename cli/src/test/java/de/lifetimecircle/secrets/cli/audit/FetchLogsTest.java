package de.lifetimecircle.secrets.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.cli.CommandLineRun;
import de.lifetimecircle.secrets.cli.console.FakeTerminal;
import de.lifetimecircle.secrets.operations.inventory.InventoryText;
import de.lifetimecircle.secrets.spi.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example script fetches each page once, also after a failure, and {@code audit} reads what it
 * stores. The tools answer with pages in the form that their documentation records.
 */
class FetchLogsTest {
  private static final Path SCRIPT = Path.of("../examples/audit/fetch-logs").toAbsolutePath();

  @TempDir Path folder;
  private final Instant now = Instant.now();
  private Path logs;

  @BeforeEach
  void begin() throws IOException {
    logs = folder.resolve("logs");
    Files.createDirectories(folder.resolve("answers"));
    Files.writeString(folder.resolve("secrets.yaml"), InventoryText.example());
  }

  /** A tool that notes its arguments and answers with a file that the words of a call choose. */
  private void tool(String name, String choice) throws IOException {
    Path file = folder.resolve("bin/" + name);
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        "#!/bin/sh\ncd "
            + folder
            + "\necho \"$@\" >>calls\nanswer="
            + choice
            + "\nif [ -e \"fail-$answer\" ]; then rm \"fail-$answer\"; printf '{\"Ev'; exit 254; fi\n"
            + "cat \"answers/$answer\"\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private int fetch(String now, String... arguments) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("sh", SCRIPT.toString()));
    line.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said").toFile());
    builder.environment().put("PATH", folder.resolve("bin") + ":/usr/bin:/bin");
    builder.environment().put("NOW", now);
    Process process = builder.start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(folder.resolve("calls"));
  }

  private List<String> pages() throws IOException {
    try (Stream<Path> files = Files.list(logs)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    }
  }

  private String audit() throws IOException {
    List<String> line = new ArrayList<>(List.of("audit"));
    for (String page : pages()) {
      line.add(logs.resolve(page).toString());
    }
    line.addAll(List.of("--inventory", folder.resolve("secrets.yaml").toString()));
    FakeTerminal terminal = new FakeTerminal();
    int code = new CommandLineRun(terminal, Map.of()).run(line.toArray(new String[0]));
    assertThat(code).as(terminal.errText()).isIn(0, 9);
    return terminal.outText();
  }

  /** An event as {@code lookup-events} wraps it. */
  private static Map<String, Object> event(String time, String role) {
    String inner =
        Json.write(
            Map.of(
                "eventSource",
                "secretsmanager.amazonaws.com",
                "eventName",
                "GetSecretValue",
                "eventTime",
                time,
                "sourceIPAddress",
                "10.0.0.7",
                "userIdentity",
                Map.of(
                    "type",
                    "AssumedRole",
                    "sessionContext",
                    Map.of(
                        "sessionIssuer", Map.of("arn", "arn:aws:iam::123456789012:role/" + role))),
                "requestParameters",
                Map.of("secretId", "prod/LTC_SECRET_KEY")));
    return Map.of("EventName", "GetSecretValue", "CloudTrailEvent", inner);
  }

  private void answer(String name, Object document) throws IOException {
    Files.writeString(folder.resolve("answers/" + name), Json.write(document));
  }

  @Test
  void cloudTrailGoesOnAfterTheLastPage() throws IOException, InterruptedException {
    tool("aws", "$(echo \"$@\" | sed -n 's/.*--starting-token //p')page.json");
    answer(
        "page.json",
        Map.of(
            "Events", List.of(event("2026-03-02T08:00:00Z", "lifetimecircle")), "NextToken", "b"));
    answer(
        "bpage.json",
        Map.of(
            "Events", List.of(event("2026-03-02T09:00:00Z", "lifetimecircle")), "NextToken", "c"));
    answer("cpage.json", Map.of("Events", List.of(event("2026-03-02T10:00:00Z", "stranger"))));
    Files.createFile(folder.resolve("fail-bpage.json"));
    String[] line = {"aws", logs.toString(), "2026-03-02T00:00:00Z"};
    assertThat(fetch("2026-03-02T12:00:00Z", line)).isNotZero();
    assertThat(pages()).containsExactly("cloudtrail-2026-03-02T00:00:00Z-0.json");
    // Later, and in the same window all the same: the token belongs to it.
    assertThat(fetch("2026-03-02T13:00:00Z", line)).isZero();
    assertThat(pages()).hasSize(3);
    assertThat(calls())
        .hasSize(4)
        .allMatch(call -> call.contains("--start-time 2026-03-02T00:00:00Z"))
        .allMatch(call -> call.contains("--end-time 2026-03-02T11:45:00Z"));
    assertThat(audit())
        .contains("role/lifetimecircle\n  read prod/LTC_SECRET_KEY  2  ")
        .contains("role/stranger read")
        .contains("prod/LTC_SECRET_KEY from 10.0.0.7: by an unknown principal")
        .contains("3 records: 3 judged");
    // The next window begins after the last one.
    answer("page.json", Map.of("Events", List.of()));
    assertThat(fetch("2026-03-02T14:00:00Z", line)).isZero();
    assertThat(calls().get(4))
        .contains("--start-time 2026-03-02T11:45:01Z --end-time 2026-03-02T13:45:00Z");
    assertThat(fetch("2026-03-02T14:00:00Z", line)).isZero();
    assertThat(calls()).hasSize(5);
  }

  @Test
  void logAnalyticsIsFetchedHourByHour() throws IOException, InterruptedException {
    tool("az", "$(echo \"$@\" | sed -n 's/.*>= datetime(\\([^)]*\\)).*/\\1/p')");
    answer("2026-03-02T08:00:00Z", List.of());
    answer(
        "2026-03-02T09:00:00Z",
        List.of(
            Map.of(
                "TimeGenerated",
                "2026-03-02T09:30:00Z",
                "OperationName",
                "SecretGet",
                "Id",
                "https://v.vault.azure.net/secrets/prod-s-kltc-usecret-ukey/0123456789abcdef",
                "CallerIpAddress",
                "10.0.0.7",
                "HttpStatusCode",
                "200",
                "Identity",
                "{\"claim\":{\"appid\":\"00000000-0000-0000-0000-000000000001\"}}")));
    Files.createFile(folder.resolve("fail-2026-03-02T09:00:00Z"));
    String[] line = {"azure", logs.toString(), "2026-03-02T08:00:00Z", "workspace"};
    assertThat(fetch("2026-03-02T10:15:00Z", line)).isNotZero();
    assertThat(pages()).isEmpty();
    assertThat(fetch("2026-03-02T10:15:00Z", line)).isZero();
    assertThat(pages()).containsExactly("azure-2026-03-02T09:00:00Z.json");
    assertThat(calls()).hasSize(3);
    assertThat(audit()).containsPattern("1 records?: 1 judged");
    assertThat(fetch("2026-03-02T11:14:59Z", line)).isZero();
    assertThat(calls()).hasSize(3);
  }

  private static String response(String time, String who) {
    return Json.write(
            Map.of(
                "type",
                "response",
                "time",
                time,
                "auth",
                Map.of("display_name", who),
                "request",
                Map.of(
                    "operation",
                    "read",
                    "path",
                    "secret/data/prod/LTC_SECRET_KEY",
                    "mount_type",
                    "kv",
                    "mount_point",
                    "secret/",
                    "remote_address",
                    "10.0.0.7")))
        + "\n";
  }

  @Test
  void anAuditDeviceIsReadOnAlsoAfterLogrotate() throws IOException, InterruptedException {
    Path device = folder.resolve("audit.log");
    String second = response("2026-03-02T09:00:00Z", "approle-b");
    int half = second.length() / 2;
    Files.writeString(
        device, response("2026-03-02T08:00:00Z", "approle-a") + second.substring(0, half));
    String[] line = {"vault", logs.toString(), device.toString()};
    assertThat(fetch("", line)).isZero();
    assertThat(pages()).hasSize(1);
    assertThat(logs.resolve(pages().get(0))).content().contains("approle-a").hasLineCount(1);
    // The rest of the line arrives, then the file is renamed and begun again.
    Files.writeString(device, second.substring(half), StandardOpenOption.APPEND);
    Files.move(device, folder.resolve("audit.log.1"));
    Files.writeString(device, response("2026-03-02T10:00:00Z", "approle-c"));
    assertThat(fetch("", line)).isZero();
    assertThat(fetch("", line)).isZero();
    assertThat(pages()).hasSize(3);
    assertThat(audit())
        .contains("approle-a")
        .contains("approle-b")
        .contains("approle-c")
        .contains("3 records: 3 judged");
  }

  /** Writes a file whose last record is that many seconds old. */
  private void device(String name, String who, int age) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, response("2026-03-02T08:00:00Z", who));
    Files.setLastModifiedTime(file, FileTime.from(now.minusSeconds(age)));
  }

  private String taken() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String page : pages()) {
      all.append(Files.readString(logs.resolve(page)));
    }
    return all.toString();
  }

  @Test
  void twoRotationsBetweenTwoRunsLoseNothing() throws IOException, InterruptedException {
    Path current = folder.resolve("audit.log");
    String[] line = {"vault", logs.toString(), current.toString()};
    device("audit.log.1", "approle-before", 90);
    device("audit.log", "approle-a", 80);
    assertThat(fetch("", line)).isZero();
    Files.delete(folder.resolve("audit.log.1"));
    Files.writeString(
        current, response("2026-03-02T09:00:00Z", "approle-rest"), StandardOpenOption.APPEND);
    Files.move(current, folder.resolve("audit.log.2"));
    device("audit.log.3", "approle-before", 90);
    device("audit.log.1", "approle-b", 60);
    device("audit.log", "approle-c", 50);
    assertThat(fetch("", line)).as(Files.readString(folder.resolve("said"))).isZero();
    assertThat(taken())
        .contains("approle-a", "approle-rest", "approle-b", "approle-c")
        .doesNotContain("approle-before");
    assertThat(fetch("", line)).isZero();
    assertThat(pages()).hasSize(4);
    assertThat(Files.getPosixFilePermissions(logs.resolve(pages().get(0))))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void whatIsLostIsSaidOnce() throws IOException, InterruptedException {
    Path current = folder.resolve("audit.log");
    String[] line = {"vault", logs.toString(), current.toString()};
    device("audit.log", "approle-a", 80);
    assertThat(fetch("", line)).isZero();
    device("audit.log.2.gz", "compressed", 70);
    device("audit.log.1", "approle-b", 60);
    Files.delete(current);
    device("audit.log", "approle-c", 50); // its inode may be that of the deleted file
    assertThat(fetch("", line)).isEqualTo(1);
    assertThat(folder.resolve("said"))
        .content()
        .contains("Cannot take the rest of file ")
        .contains("audit.log.2.gz: it is compressed");
    assertThat(taken())
        .contains("approle-a", "approle-b", "approle-c")
        .doesNotContain("compressed");
    assertThat(fetch("", line)).isZero();
    Files.writeString(current, ""); // copytruncate
    assertThat(fetch("", line)).isEqualTo(1);
    assertThat(folder.resolve("said")).content().contains("is shorter than before (0 bytes");
  }
}
