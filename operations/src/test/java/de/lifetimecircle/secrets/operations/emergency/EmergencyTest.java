package de.lifetimecircle.secrets.operations.emergency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.history.HistoryEntry;
import de.lifetimecircle.secrets.operations.history.SecretHistory;
import de.lifetimecircle.secrets.operations.journal.NameLock;
import de.lifetimecircle.secrets.operations.rotation.RotationLog;
import de.lifetimecircle.secrets.operations.rotation.RotationStopped;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.LeakProbeExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakProbeExtension.class)
class EmergencyTest {
  private static final String OLD = "7c1f93e5a0d84b26c9e37f15d2806ab4";

  @TempDir Path folder;

  private static EmergencyReport run(EmergencyCase service, String name, String who) {
    try (SecretWriter writer = service.writer()) {
      return service.emergency(writer, name, who).run();
    }
  }

  private static EmergencyReport run(EmergencyCase service, Emergency.Earlier earlier) {
    try (SecretWriter writer = service.writer()) {
      return Emergency.of(service.site(), "KEY", writer)
          .who("bert")
          .clock(() -> service.now)
          .earlier(earlier)
          .build()
          .run();
    }
  }

  private static List<String> valid(EmergencyCase service, String stored) {
    return service.store.secondClient().versions(stored).stream()
        .filter(version -> !version.stages().isEmpty())
        .map(SecretVersion::id)
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void leavesNothingOldValidAndWritesItDown(EmergencyCase.Kind kind, LeakProbe probe) {
    String old = probe.canary("old");
    EmergencyCase service = new EmergencyCase(folder, kind, old);
    List<String> before = valid(service, "prod/KEY");
    EmergencyReport report = run(service, "KEY", "anna");

    assertThat(valid(service, "prod/KEY")).isNotEmpty().doesNotContainAnyElementsOf(before);
    assertThat(service.read("calls").lines().toList())
        .as("deployed in each rotation, sessions ended, then verified")
        .endsWith("sessions", "verify");
    String text = service.read("pm/" + report.postMortem().getFileName());
    assertThat(text)
        .startsWith("<!-- secrets post-mortem 1 environment=prod secret=KEY kind=real day=")
        .contains("| Begun | 2026-03-01 03:00 UTC, by anna |")
        .contains(EmergencyTimes.minutes(EmergencyCase.ALL_STEPS) + " minutes of 30")
        .contains("| end the sessions | done | ./sessions | anna |")
        .contains("secrets scan --git .")
        .contains("secrets audit LOG");
    assertThat(folder.resolve(Rotations.FOLDER)).isDirectoryNotContaining("glob:**.json");
    String fresh = service.store.secondClient().fetch("prod/KEY").value().asString();
    probe
        .watch("new", fresh)
        .look("told", service.told)
        .look("report", report)
        .lookAtFiles(folder)
        .assertClean();
    assertThat(fresh).matches("[0-9a-f]{64}");
  }

  /** The exposed value would stay valid in the account that the service reads. */
  @Test
  void beginsInNoOtherStoreThanTheInventoryNames() {
    EmergencyCase service = new EmergencyCase(folder, EmergencyCase.Kind.STAGES, OLD);
    service.write(
        "secrets.yaml",
        service
            .read("secrets.yaml")
            .replace("prefix: prod/,", "prefix: prod/, aws: {account: \"210987654321\"},"));
    service.store.fact("arn", "arn:aws:secretsmanager:eu-west-1:111111111111:secret:x-AbCdEf");
    List<String> before = valid(service, "prod/KEY");
    try (SecretWriter writer =
        SecretProvider.builder()
            .store(service.store.secondClient())
            .set("backend", "aws")
            .set("overrides", "off")
            .buildWriter()) {
      assertThatThrownBy(() -> service.emergency(writer, "KEY", "anna").run())
          .hasMessageContaining("prod.aws.account is 210987654321, and the store is 111111111111")
          .hasMessageContaining("may stay valid elsewhere");
      assertThat(valid(service, "prod/KEY")).isEqualTo(before);
      assertThat(folder.resolve("calls")).doesNotExist();
      service.store.fact("arn", "arn:aws:secretsmanager:eu-west-1:210987654321:secret:x-AbCdEf");
      assertThat(service.emergency(writer, "KEY", "anna").run().open()).isEmpty();
    }
  }

  /** A command that is pasted where this test runs, which is not the inventory's folder. */
  private String command(String words) {
    return "secrets " + words + " --inventory " + folder.resolve("secrets.yaml");
  }

  @Test
  void replacesThePartsOfATemplateAndWhatIsMadeOfThem() {
    EmergencyCase service = new EmergencyCase(folder, EmergencyCase.Kind.NO_STAGES, OLD);
    List<String> password = valid(service, "prod/PW");
    List<String> url = valid(service, "prod/URL");
    EmergencyReport report = run(service, "URL", "anna");
    assertThat(report.secret()).isEqualTo("URL");
    assertThat(report.open()).isEmpty();
    assertThat(valid(service, "prod/PW")).doesNotContainAnyElementsOf(password);
    assertThat(valid(service, "prod/URL")).doesNotContainAnyElementsOf(url);
    FakeStore store = service.store.secondClient();
    assertThat(store.fetch("prod/URL").value().asString())
        .isEqualTo(
            "postgresql://app:" + store.fetch("prod/PW").value().asString() + "@db:5432/ltc");
  }

  /** The backend has dropped the old version, so it no longer returns the value to compare. */
  @ParameterizedTest
  @EnumSource
  void confirmsNoExposedValueThatAnotherWriterSetAgain(EmergencyCase.Kind kind) {
    EmergencyCase service = new EmergencyCase(folder, kind, OLD);
    service.store.retention(3);
    service.meanwhile =
        step -> {
          if (step == EmergencyStep.CONFIRM) {
            List.of("a", "b", "c", OLD).forEach(each -> service.store.holding("prod/KEY", each));
          }
        };
    assertThatThrownBy(() -> run(service, "KEY", "anna"))
        .isInstanceOf(EmergencyStopped.class)
        .hasMessageContaining("a value from before the emergency is served again")
        .hasMessageContaining("--restart");
    service.meanwhile = step -> {};
    assertThatThrownBy(() -> run(service, "KEY", "bert"))
        .as("a process that never knew the exposed value")
        .hasMessageContaining("the exposed one can no longer be read");
    assertThat(service.told).noneMatch(line -> line.startsWith("confirm DONE"));
    assertThat(run(service, Emergency.Earlier.SET_ASIDE).outcome())
        .isEqualTo(EmergencyOutcome.DONE);
    assertThat(service.store.secondClient().fetch("prod/KEY").value().asString()).isNotEqualTo(OLD);
  }

  /** A part that is replaced because of its template is in an emergency, too. */
  @Test
  void theHistoryTellsAnEmergencyFromARotation() {
    EmergencyCase service = new EmergencyCase(folder, EmergencyCase.Kind.STAGES, OLD);
    service.hook("verify", "exit 4");
    assertThatThrownBy(() -> run(service, "URL", "anna")).isInstanceOf(EmergencyStopped.class);
    service.hook("verify", "exit 0");
    run(service, "URL", "bert");
    for (String stored : List.of("prod/URL", "prod/PW")) {
      SecretHistory history = new SecretHistory(stored);
      history.addRotations(new RotationLog(folder.resolve(Rotations.FOLDER)));
      assertThat(history.events())
          .filteredOn(event -> event.source() == HistoryEntry.Source.EMERGENCIES)
          .extracting(event -> event.by() + ": " + event.what())
          .containsExactly(
              "anna: emergency begun",
              "anna: emergency stopped (step rotate)",
              "bert: emergency resumed",
              "bert: emergency ended (done)");
    }
  }

  @Test
  void showsItsPlanAndDoesNothingYet() {
    EmergencyCase service = new EmergencyCase(folder, EmergencyCase.Kind.STAGES, OLD);
    try (SecretWriter writer = service.writer()) {
      List<String> plan = service.emergency(writer, "KEY", "anna").plan();
      assertThat(plan.stream().skip(1))
          .hasSameSizeAs(EmergencyStep.values())
          .anyMatch(line -> line.contains("Rotate now, without grace") && line.contains("./deploy"))
          .anyMatch(line -> line.contains("End the sessions: ./sessions"));
    }
    assertThat(service.store.calls(FakeStore.Op.PUT)).isZero();
    assertThat(folder.resolve("calls")).doesNotExist();
  }

  @Test
  void beginsNothingIfThePersonDoesNotSayYes() {
    EmergencyCase service = new EmergencyCase(folder, EmergencyCase.Kind.STAGES, OLD);
    EmergencyListener no =
        new EmergencyListener() {
          @Override
          public void asks(String question) {
            throw new UnsupportedOperationException(question);
          }
        };
    try (SecretWriter writer = service.writer()) {
      Emergency emergency = Emergency.of(service.site(), "KEY", writer).listener(no).build();
      assertThatThrownBy(emergency::run)
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessage("Do it now?");
    }
    assertThat(service.store.calls(FakeStore.Op.PUT)).isZero();
    assertThat(folder.resolve(Rotations.FOLDER)).doesNotExist();
    assertThat(folder.resolve("pm")).doesNotExist();
  }

  @Test
  void aHookThatFailsStopsItThereAndAnotherPersonGoesOn() {
    EmergencyCase service = new EmergencyCase(folder, EmergencyCase.Kind.STAGES, OLD);
    service.hook("sessions", "echo database is down; exit 3");
    EmergencyStopped stopped =
        catchThrowableOfType(EmergencyStopped.class, () -> run(service, "KEY", "anna"));
    assertThat(stopped)
        .hasMessageContaining("step invalidate-sessions failed: ")
        .hasMessageContaining("the hook ended with 3; it said: database is down")
        .hasMessageContaining("of the 30 minutes are left")
        .hasMessageContaining("run '" + command("emergency KEY") + "' again");
    String rotated = service.store.secondClient().fetch("prod/KEY").version();

    service.hook("sessions", "echo sessions >> calls");
    service.now = service.now.plus(Duration.ofMinutes(7));
    try (SecretWriter writer = service.writer()) {
      List<String> plan = service.emergency(writer, "KEY", "bert").plan();
      assertThat(plan.get(1)).contains("anna began it on 2026-03-01 03:00");
      assertThat(plan)
          .filteredOn(line -> line.endsWith("(done)"))
          .hasSize(List.of(EmergencyStep.values()).indexOf(EmergencyStep.INVALIDATE_SESSIONS));
    }
    EmergencyReport report = run(service, "KEY", "bert");
    assertThat(report.took()).isGreaterThan(Duration.ofMinutes(7));
    assertThat(service.store.secondClient().fetch("prod/KEY").version()).isEqualTo(rotated);
    assertThat(service.read("pm/" + report.postMortem().getFileName()))
        .contains("| end the sessions | FAILED | the hook ended with 3; it said: database is down")
        .contains("| end the sessions | done | ./sessions | bert |");
  }

  @Test
  void aHookThatFailsInsideTheRotationIsGoneOnWithToo() {
    EmergencyCase service = new EmergencyCase(folder, EmergencyCase.Kind.NO_STAGES, OLD);
    service.hook("deploy", "exit 1");
    assertThatThrownBy(() -> run(service, "KEY", "anna"))
        .isInstanceOf(EmergencyStopped.class)
        .hasMessageContaining("step rotate failed")
        .hasMessageContaining("its step deploy failed: the hook ended with 1")
        .hasMessageContaining("the new value is in service");
    service.hook("deploy", "echo deploy >> calls");
    List<String> before = List.of("v1");
    run(service, "KEY", "bert");
    assertThat(valid(service, "prod/KEY")).doesNotContainAnyElementsOf(before);
  }

  /** One that hangs in a rotation, and one of the emergency's own. */
  @ParameterizedTest
  @ValueSource(strings = {"deploy", "sessions"})
  void aHookThatHangsIsKilledAfterItsTime(String hook) {
    EmergencyCase service = new EmergencyCase(folder, EmergencyCase.Kind.STAGES, OLD);
    service.hook(hook, "exec sleep 600");
    try (SecretWriter writer = service.writer()) {
      Emergency emergency =
          Emergency.of(service.site(), "KEY", writer)
              .clock(() -> service.now)
              .hookLimit(Duration.ofSeconds(1))
              .build();
      assertThatThrownBy(emergency::run)
          .isInstanceOf(EmergencyStopped.class)
          .hasMessageContaining("the hook ran longer than it may (--hook-timeout) and was killed");
    }
  }

  @Test
  void aProgramThatPrintsAValueIsRefusedAndNotQuoted(LeakProbe probe) {
    EmergencyCase service =
        new EmergencyCase(folder, EmergencyCase.Kind.STAGES, probe.canary("old"));
    String canary = service.store.secondClient().fetch("prod/KEY").value().asString();
    service.hook("sessions", "cat value");
    service.write("value", canary);
    EmergencyStopped stopped =
        catchThrowableOfType(EmergencyStopped.class, () -> run(service, "KEY", "anna"));
    assertThat(stopped).hasMessageContaining("printed a value");
    service.write("value", "nothing");
    probe.look("stop", stopped).look("told", service.told).lookAtFiles(folder).assertClean();
  }

  @Test
  void aBackendThatDiesLosesNothing() {
    EmergencyCase service = new EmergencyCase(folder, EmergencyCase.Kind.STAGES, OLD);
    service.store.next(
        FakeStore.Op.PROMOTE, "prod/KEY", FakeStep.fail(SecretException.Kind.UNAVAILABLE));
    assertThatThrownBy(() -> run(service, "KEY", "anna"))
        .isInstanceOf(EmergencyStopped.class)
        .hasMessageContaining("step rotate failed");
    assertThat(service.store.secondClient().fetch("prod/KEY").value().asString()).isEqualTo(OLD);
    run(service, "KEY", "anna");
    assertThat(valid(service, "prod/KEY")).doesNotContain("v1");
  }

  @Test
  void aRotationThatWaitsForItsGraceIsEndedFirst() {
    EmergencyCase service = new EmergencyCase(folder, EmergencyCase.Kind.STAGES, OLD);
    try (SecretWriter writer = service.writer()) {
      Rotations.of(service.site().inventory(), "", writer)
          .journal(folder.resolve(Rotations.FOLDER))
          .hookFolder(folder)
          .clock(() -> service.now)
          .build()
          .rotate("KEY");
    }
    List<String> before = valid(service, "prod/KEY");
    assertThat(before).hasSizeGreaterThan(1);
    run(service, "KEY", "anna");
    assertThat(valid(service, "prod/KEY")).doesNotContainAnyElementsOf(before);
  }

  @Test
  void aRotationThatNobodyCanGoOnWithHoldsNothingUp() {
    EmergencyCase service = new EmergencyCase(folder, EmergencyCase.Kind.STAGES, OLD);
    try (SecretWriter writer = service.writer()) {
      Rotations rotations =
          Rotations.of(service.site().inventory(), "", writer)
              .journal(folder.resolve(Rotations.FOLDER))
              .hookFolder(folder)
              .clock(() -> service.now)
              .build();
      rotations.rotate("KEY");
      service.store.next(
          FakeStore.Op.PROMOTE, "prod/KEY", FakeStep.fail(SecretException.Kind.UNAVAILABLE));
      assertThatThrownBy(() -> rotations.rollback("KEY")).isInstanceOf(RotationStopped.class);
    }
    service.store.holding("prod/KEY", "set-by-somebody-in-the-middle-of-it");
    List<String> before = valid(service, "prod/KEY");
    run(service, "KEY", "anna");
    assertThat(valid(service, "prod/KEY")).doesNotContainAnyElementsOf(before);
  }

  /** Two people have one folder, and one of them edited the journal of something else. */
  @Test
  void whatIsWrongWithTheJournalOfAnotherSecretHoldsNothingUp() throws IOException {
    EmergencyCase service = new EmergencyCase(folder, EmergencyCase.Kind.STAGES, OLD);
    Files.createDirectories(folder.resolve(Rotations.FOLDER));
    Path other = folder.resolve(Rotations.FOLDER).resolve("prod.PW.rotation.json");
    Files.writeString(other, "half a jour");
    List<String> before = valid(service, "prod/KEY");
    run(service, "KEY", "anna");
    assertThat(valid(service, "prod/KEY")).doesNotContainAnyElementsOf(before);
    assertThat(other).hasContent("half a jour");
  }

  @Test
  void saysThatItTookTooLong() {
    EmergencyCase service = new EmergencyCase(folder, EmergencyCase.Kind.STAGES, OLD);
    EmergencyReport report;
    try (SecretWriter writer = service.writer()) {
      report =
          Emergency.of(service.site(), "KEY", writer)
              .clock(() -> service.now)
              .knownFor(Duration.ofMinutes(45))
              .build()
              .run();
    }
    assertThat(report.took()).isEqualTo(Duration.ofMinutes(45));
    assertThat(service.read("pm/" + report.postMortem().getFileName()))
        .contains("45:00 minutes, MORE than 30");
  }

  @Test
  void aClockThatIsSetBackEndsNothing() {
    EmergencyCase service = new EmergencyCase(folder, EmergencyCase.Kind.STAGES, OLD);
    service.hook("sessions", "exit 1");
    assertThatThrownBy(() -> run(service, "KEY", "anna")).isInstanceOf(EmergencyStopped.class);
    service.hook("sessions", "true");
    service.now = service.now.minus(Duration.ofHours(5));
    assertThat(run(service, "KEY", "anna").took()).isEqualTo(Duration.ZERO);
  }

  /** One that nobody finished in March must not pass for the one of June. */
  @Test
  void anEarlierOneIsNotTakenForTheOneOfToday() {
    EmergencyCase service = new EmergencyCase(folder, EmergencyCase.Kind.STAGES, OLD);
    service.hook("sessions", "exit 1");
    assertThatThrownBy(() -> run(service, "KEY", "anna")).isInstanceOf(EmergencyStopped.class);
    service.hook("sessions", "true");
    service.now = service.now.plus(Duration.ofDays(90));
    List<String> exposed = valid(service, "prod/KEY");
    assertThatThrownBy(() -> run(service, "KEY", "bert"))
        .isInstanceOfSatisfying(
            SecretException.class,
            e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.CONFLICT))
        .hasMessageContaining("anna began one on 2026-03-01 03:00 UTC, more than a day ago")
        .hasMessageContaining("'" + command("emergency KEY --restart") + "'")
        .hasMessageContaining("'" + command("emergency KEY --resume") + "'");
    try (SecretWriter writer = service.writer()) {
      assertThatThrownBy(() -> service.emergency(writer, "KEY", "bert").plan())
          .hasMessageContaining("--restart");
    }
    assertThat(valid(service, "prod/KEY")).isEqualTo(exposed);
    EmergencyReport report = run(service, Emergency.Earlier.SET_ASIDE);
    assertThat(valid(service, "prod/KEY")).doesNotContainAnyElementsOf(exposed);
    assertThat(report.timeline()).allMatch(moment -> moment.by().equals("bert"));
    assertThat(folder.resolve(Rotations.FOLDER))
        .isDirectoryContaining("glob:**/emergency-prod~KEY.json.2026-05-30-*");
  }

  @Test
  void anEarlierOneIsGoneOnWithWhereSomebodySaysSo() {
    EmergencyCase service = new EmergencyCase(folder, EmergencyCase.Kind.STAGES, OLD);
    assertThatThrownBy(() -> run(service, Emergency.Earlier.RESUMED))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("there is no journal of one");
    service.hook("sessions", "exit 1");
    assertThatThrownBy(() -> run(service, "KEY", "anna")).isInstanceOf(EmergencyStopped.class);
    String rotated = service.store.secondClient().fetch("prod/KEY").version();
    service.now = service.now.plus(Duration.ofDays(2));
    assertThatThrownBy(() -> run(service, Emergency.Earlier.RESUMED))
        .isInstanceOf(EmergencyStopped.class)
        .hasMessageContaining("run '" + command("emergency KEY --resume") + "' again");
    service.hook("sessions", "true");
    assertThat(run(service, Emergency.Earlier.RESUMED).timeline())
        .extracting(TimelineEntry::by)
        .contains("anna", "bert");
    assertThat(service.store.secondClient().fetch("prod/KEY").version()).isEqualTo(rotated);
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    EmergencyCase service = new EmergencyCase(folder, EmergencyCase.Kind.STAGES, OLD);
    assertThatThrownBy(() -> run(service, "prod/KEY", "anna"))
        .hasMessageContaining("without the prefix: KEY, PW, HOST, URL");
  }

  @Test
  void twoPeopleAtOnceAreOneTooMany() {
    EmergencyCase service = new EmergencyCase(folder, EmergencyCase.Kind.STAGES, OLD);
    EmergencyFolder journals = new EmergencyFolder(folder.resolve(Rotations.FOLDER));
    try (NameLock held = journals.lock("prod/KEY")) {
      assertThat(journals.isRunning("prod/KEY")).as("%s", held).isTrue();
      assertThatThrownBy(() -> run(service, "KEY", "bert"))
          .isInstanceOf(SecretException.class)
          .hasMessageContaining("another process is running it");
    }
    run(service, "KEY", "bert");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{\"form\":2}", "{\"form\":1,\"service\":7}", "half a jour"})
  void refusesAJournalThatWasEdited(String text) throws IOException {
    EmergencyCase service = new EmergencyCase(folder, EmergencyCase.Kind.STAGES, OLD);
    Files.createDirectories(folder.resolve(Rotations.FOLDER));
    Path file = folder.resolve(Rotations.FOLDER).resolve("emergency-prod~KEY.json");
    Files.writeString(file, text);
    assertThatThrownBy(() -> run(service, "KEY", "anna"))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("emergency-prod~KEY.json was edited")
        .hasMessageContaining("Run '" + command("emergency KEY --restart") + "'");
    assertThat(file).hasContent(text);
    assertThat(service.store.calls(FakeStore.Op.PUT)).isZero();
  }

  /** Each hook that is missing is named, and nothing is done until a person says how. */
  @Test
  void saysWhatIsOpenForLackOfAHook() {
    EmergencyCase service = new EmergencyCase(folder, EmergencyCase.Kind.NO_STAGES, OLD);
    service.write(
        "secrets.yaml",
        service
            .read("secrets.yaml")
            .replaceAll("(?m)^  (deploy|invalidate-sessions): .*\\R", "")
            .replaceAll("(?m)^    hooks: .*\\R", "    hooks: {apply: {none: it asks}}\n"));
    EmergencyReport report = run(service, "PW", "anna");
    assertThat(report.open())
        .extracting(OpenItem::summary)
        .containsExactly(
            "the old value of prod/PW may still open the database of URL: no hook 'retire' has"
                + " shown that it is refused",
            "processes that loaded the old value of prod/PW keep it: the inventory has no hook"
                + " 'deploy'",
            "sessions that were opened with the old value of prod/PW continue: the inventory has no"
                + " hook 'invalidate-sessions'");
    assertThat(report.timeline())
        .noneMatch(moment -> moment.detail().contains("no old value is valid"));
    assertThat(service.read("pm/" + report.postMortem().getFileName()))
        .contains("## Still open")
        .contains("| Affected | `prod/PW`")
        .doesNotContain("| Changed |")
        .contains("| no old value is valid | STILL OPEN | the old value of prod/PW may still open");
    String rotated = service.store.secondClient().fetch("prod/PW").version();
    try (SecretWriter writer = service.writer()) {
      EmergencyReport closed =
          Emergency.of(service.site(), "PW", writer)
              .who("bert")
              .clock(() -> service.now)
              .byHand("psql said 28P01; restarted; sessions emptied")
              .build()
              .run();
      assertThat(closed.open()).isEmpty();
      assertThat(service.read("pm/" + closed.postMortem().getFileName()))
          .doesNotContain("## Still open")
          .contains("| Changed | `prod/PW`")
          .contains(
              "done by hand; reported by the operator: psql said 28P01; restarted; sessions emptied");
    }
    assertThat(service.store.secondClient().fetch("prod/PW").version()).isEqualTo(rotated);
    assertThat(folder.resolve(Rotations.FOLDER)).isDirectoryNotContaining("glob:**.json");
  }
}
