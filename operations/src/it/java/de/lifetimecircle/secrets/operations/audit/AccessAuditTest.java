package de.lifetimecircle.secrets.operations.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.operations.inventory.Inventory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessAuditTest {
  private static final String NOON = "2026-03-02T11:00:00Z";
  private static final String NIGHT = "2026-03-02T01:00:00Z";

  @TempDir Path folder;
  private final Inventory inventory = OpenBaoDay.inventory();

  private AccessAudit audit(
      Optional<DeploymentTimes> deployments, Optional<KnownReaders> known, String since) {
    return new AccessAudit(
        inventory,
        inventory.environment("prod"),
        deployments,
        known,
        since.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(since)));
  }

  private AccessAudit audit() {
    return audit(Optional.empty(), Optional.empty(), "");
  }

  private static AuditEvent read(String time, String who) {
    return event(time, who, "read", "prod/A", "127.0.0.1", "ok");
  }

  private static AuditEvent event(
      String time, String who, String operation, String name, String from, String outcome) {
    return new AuditEvent(Instant.parse(time), who, operation, name, "1", from, outcome);
  }

  private static List<FindingReason> reasons(AccessAudit audit) {
    return audit.findings().stream().flatMap(found -> found.reasons().stream()).toList();
  }

  @Test
  void aServiceMayReadAtNightAndNobodyElseMay() {
    AccessAudit audit = audit();
    audit.accept(read(NIGHT, "approle/lifetimecircle"));
    assertThat(reasons(audit)).isEmpty();
    audit.accept(read(NIGHT, "userpass-anna"));
    audit.accept(read(NOON, "userpass-anna"));
    assertThat(reasons(audit)).containsExactly(FindingReason.OUTSIDE_HOURS);
  }

  @Test
  void aDeploymentAtNightExcusesItsOwnReaders() {
    DeploymentTimes night =
        new DeploymentTimes().add(Instant.parse(NIGHT), Instant.parse("2026-03-02T01:05:00Z"));
    AccessAudit audit = audit(Optional.of(night), Optional.empty(), "");
    audit.accept(read(NIGHT, "approle/lifetimecircle-ci"));
    audit.accept(read(NIGHT, "approle/lifetimecircle-rotator"));
    assertThat(reasons(audit)).isEmpty();
    audit.accept(read(NIGHT, "userpass-anna"));
    audit.accept(read(NOON, "approle/lifetimecircle-ci"));
    assertThat(reasons(audit))
        .containsExactly(FindingReason.OUTSIDE_HOURS, FindingReason.OUTSIDE_DEPLOYMENT);
  }

  @Test
  void thatNothingWasDeployedIsKnownToo() {
    AccessAudit audit = audit(Optional.of(new DeploymentTimes()), Optional.empty(), "");
    audit.accept(read(NOON, "approle/lifetimecircle-ci"));
    assertThat(reasons(audit)).containsExactly(FindingReason.OUTSIDE_DEPLOYMENT);
    assertThat(audit.notLookedFor()).noneMatch(text -> text.contains("deployment"));
    AccessAudit unknown = audit();
    unknown.accept(read(NOON, "approle/lifetimecircle-ci"));
    assertThat(reasons(unknown)).isEmpty();
    assertThat(unknown.notLookedFor()).contains("from CI outside a deployment: no --deployments");
  }

  @Test
  void oneFindingSaysAllThatIsWrong() {
    AccessAudit audit = audit(Optional.empty(), Optional.of(new KnownReaders()), "");
    audit.accept(event(NIGHT, "mallory", "read", "prod/A", "9.9.9.9", "ok"));
    audit.accept(event(NIGHT, "mallory", "read", "prod/A", "9.9.9.9", "ok"));
    audit.accept(event(NIGHT, "", "read", "prod/A", "", "access-denied"));
    assertThat(audit.findings()).hasSize(2);
    EventGroup found =
        audit.findings().stream().filter(f -> f.count() == 2).findFirst().orElseThrow();
    assertThat(found.reasons())
        .containsExactly(
            FindingReason.OUTSIDE_HOURS,
            FindingReason.UNKNOWN_PRINCIPAL,
            FindingReason.UNKNOWN_ADDRESS,
            FindingReason.FIRST_READER);
  }

  @Test
  void secretsOfOthersAreNotJudged() {
    AccessAudit audit = audit();
    audit.accept(event(NIGHT, "mallory", "read", "staging/A", "9.9.9.9", "ok"));
    assertThat(audit.findings()).isEmpty();
    assertThat(audit.others()).isOne();
  }

  @Test
  void aListingIsJudgedWhereItCoversTheEnvironment() {
    AccessAudit audit = audit();
    for (String prefix : List.of("", "pro", "prod/", "prod/a", "staging/", "prod-2/")) {
      audit.accept(event(NIGHT, "userpass-anna", "list", prefix, "127.0.0.1", "ok"));
    }
    audit.accept(event(NIGHT, "userpass-anna", "read", "pro", "127.0.0.1", "ok"));
    assertThat(audit.findings().stream().map(found -> found.event().name()))
        .containsExactlyInAnyOrder("", "pro", "prod/", "prod/a");
    assertThat(audit.others()).isEqualTo(3);
  }

  @Test
  void whoeverLetsAnotherReadTheStoreIsJudged() {
    AccessAudit audit = audit();
    audit.accept(event(NIGHT, "userpass-anna", "add-recipient", "0A1B", "127.0.0.1", "ok"));
    audit.accept(event(NIGHT, "userpass-anna", "add-recipient", "", "127.0.0.1", "invalid"));
    audit.accept(event(NIGHT, "userpass-anna", "remove-recipient", "0A1B", "127.0.0.1", "ok"));
    assertThat(reasons(audit))
        .containsExactly(
            FindingReason.OUTSIDE_HOURS, FindingReason.OUTSIDE_HOURS, FindingReason.OUTSIDE_HOURS);
  }

  @Test
  void whatNobodyNamedIsJudged() {
    AccessAudit audit = audit(Optional.empty(), Optional.of(new KnownReaders()), "");
    audit.accept(event(NIGHT, "mallory", "read", "", "9.9.9.9", "access-denied"));
    audit.accept(event(NOON, "userpass-anna", "read", "", "127.0.0.1", "ok"));
    assertThat(audit.others()).isZero();
    assertThat(reasons(audit))
        .containsExactly(
            FindingReason.OUTSIDE_HOURS,
            FindingReason.UNKNOWN_PRINCIPAL,
            FindingReason.UNKNOWN_ADDRESS);
    Path file = folder.resolve("readers");
    audit.readers().write(file);
    assertThat(KnownReaders.of(file)).as("a file that can be read").isPresent();
  }

  @Test
  void theEarlierPartOfALogSaysWhoIsKnown() {
    AccessAudit audit = audit(Optional.empty(), Optional.empty(), "2026-03-02T10:00:00Z");
    audit.accept(read(NIGHT, "userpass-anna"));
    audit.accept(event(NIGHT, "userpass-bert", "read", "prod/A", "127.0.0.1", "access-denied"));
    audit.accept(read(NOON, "userpass-anna"));
    audit.accept(read(NOON, "userpass-bert"));
    assertThat(audit.before()).isEqualTo(2);
    assertThat(audit.findings()).hasSize(1);
    assertThat(audit.findings().get(0).event().principal()).isEqualTo("userpass-bert");
    assertThat(audit.findings().get(0).reasons()).containsExactly(FindingReason.FIRST_READER);
  }

  @Test
  void aFileSaysWhoIsKnownTheNextTime() throws IOException {
    Path file = folder.resolve("readers");
    assertThat(KnownReaders.of(file)).isEmpty();
    AccessAudit first = audit();
    first.accept(read(NOON, "userpass-anna"));
    assertThat(first.findings()).isEmpty();
    assertThat(first.notLookedFor()).contains("by a first reader: neither --since nor --state");
    first.readers().write(file);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    AccessAudit second = audit(Optional.empty(), KnownReaders.of(file), "");
    second.accept(read(NOON, "userpass-anna"));
    second.accept(read(NOON, "userpass-bert"));
    assertThat(second.findings()).hasSize(1);
    second.readers().write(file);
    AccessAudit third = audit(Optional.empty(), KnownReaders.of(file), "");
    third.accept(read(NOON, "userpass-bert"));
    assertThat(third.findings()).isEmpty();
    try (var left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void aFileOfAnotherFormIsAnErrorAndStays() throws IOException {
    Path file = Files.writeString(folder.resolve("readers"), "{\"name\":\"x\"}\n");
    assertThatThrownBy(() -> KnownReaders.of(file))
        .hasMessageContaining("Cannot read the known readers")
        .hasMessageContaining("line 1 is not one that this command writes");
    assertThatThrownBy(() -> new KnownReaders().write(folder.resolve("none/readers")))
        .hasMessageContaining("Cannot write the known readers");
    assertThat(file).hasContent("{\"name\":\"x\"}");
  }

  @Test
  void readsDeploymentsOfEachKind() throws IOException {
    Path file = folder.resolve("deployments");
    Files.writeString(
        file,
        """
        {"from": "2026-03-02T09:00:00Z", "to": "2026-03-02T10:00:00+01:00"}
        {"from": "2026-03-02T08:59:00Z", "to": "2026-03-02T09:01:00Z"}
        """);
    Path runs = folder.resolve("runs.json");
    Files.writeString(
        runs,
        """
        [{"startedAt":"2026-03-02T12:00:00Z","updatedAt":"2026-03-02T12:10:00Z"},
         {"startedAt":"2026-03-02T12:05:00Z","updatedAt":"2026-03-02T12:20:00Z"}]
        """);
    Path rotations = folder.resolve("rotations");
    Files.writeString(
        rotations,
        "{\"sequence\":1,\"at\":\"2026-03-02T15:00:00Z\",\"rotation\":\"r1\",\"event\":\"BEGUN\"}\n");
    DeploymentTimes all = new DeploymentTimes().read(file).read(runs).read(rotations);
    assertThat(
            List.of("08:58", "08:59", "09:01", "11:59", "12:15", "12:21", "14:49", "15:10").stream()
                .filter(time -> all.contains(Instant.parse("2026-03-02T" + time + ":00Z"))))
        .containsExactly("08:59", "09:01", "12:15", "15:10");
    Files.writeString(file, "{\"from\": \"yesterday\"}\n");
    assertThatThrownBy(() -> new DeploymentTimes().read(file))
        .hasMessageContaining("deployments:1': no beginning and end");
    assertThatThrownBy(() -> new DeploymentTimes().read(folder.resolve("none")))
        .hasMessageContaining("there is no such file");
  }

  @Test
  void readsTheAnswerOfGithub() throws IOException {
    Path answer = folder.resolve("answer.json");
    Files.writeString(
        answer,
        """
        {"total_count": 2, "etag": "a \\"{[", "workflow_runs": [
          {"id": 1, "event": "push", "pull_requests": [], "created_at": "2026-03-02T08:00:00Z",
           "run_started_at": "2026-03-02T09:00:00Z", "updated_at": "2026-03-02T09:10:00Z"},
          {"id": 2, "run_started_at": "2026-03-02T10:00:00Z", "updated_at": "2026-03-02T10:10:00Z"}]}
        """);
    DeploymentTimes runs = new DeploymentTimes().read(answer);
    assertThat(
            List.of("08:30", "09:05", "09:30", "10:05").stream()
                .filter(time -> runs.contains(Instant.parse("2026-03-02T" + time + ":00Z"))))
        .containsExactly("09:05", "10:05");
    Files.writeString(answer, "{\"total_count\":0,\"workflow_runs\":[]}");
    assertThat(new DeploymentTimes().read(answer).contains(Instant.parse(NOON))).isFalse();
  }

  @Test
  void aNoisyLogFillsNoMemory() {
    AccessAudit audit = audit();
    for (int i = 0; i < 25_000; i++) {
      audit.accept(event(NOON, "approle/lifetimecircle", "read", "prod/A" + i, "127.0.0.1", "ok"));
    }
    assertThat(audit.groups()).hasSize(10_000);
    assertThat(audit.more()).isEqualTo(15_000);
  }
}
