package de.lifetimecircle.secrets.operations.emergency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.LeakProbeExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** An emergency of somebody else's key, whose new value a person supplies. */
@ExtendWith(LeakProbeExtension.class)
class SuppliedEmergencyTest {
  private static final String OLD = "sk_live_7c1f93e5a0d84b26c9e37f15d2806ab4";
  private static final String NEW = "sk_live_b1946ac92492d2347c6235b4d2611184";
  private static final String PAGE = "https://dashboard.example/keys";

  @TempDir Path folder;

  private EmergencyCase service(EmergencyCase.Kind kind, String old) {
    return service(folder, kind, old);
  }

  private static EmergencyCase service(Path folder, EmergencyCase.Kind kind, String old) {
    EmergencyCase service = new EmergencyCase(folder, kind, "0".repeat(32));
    service.write(
        "secrets.yaml",
        service.read("secrets.yaml")
            + """
              STRIPE:
                description: payments
                issuer: https://dashboard.example/keys
                validation: {prefix: sk_live_}
              AUTH: {description: header, template: "Bearer {STRIPE}"}
              MAIL: {description: mail}
            """);
    service
        .store
        .holding("prod/STRIPE", old)
        .holding("prod/AUTH", "Bearer " + old)
        .holding("prod/MAIL", old);
    return service;
  }

  private static EmergencyReport run(EmergencyCase service, String name) {
    try (SecretWriter writer = service.writer()) {
      return service.emergency(writer, name, "anna").run();
    }
  }

  private static List<String> plan(EmergencyCase service, String name) {
    try (SecretWriter writer = service.writer()) {
      return service.emergency(writer, name, "anna").plan();
    }
  }

  private static List<String> valid(EmergencyCase service, String stored) {
    return service.store.secondClient().versions(stored).stream()
        .filter(version -> !version.stages().isEmpty())
        .map(SecretVersion::id)
        .toList();
  }

  private static String served(EmergencyCase service, String stored) {
    return service.store.secondClient().fetch(stored).value().asString();
  }

  private static void assertReplaced(EmergencyCase service, String fresh) {
    assertThat(served(service, "prod/STRIPE")).isEqualTo(fresh);
    assertThat(served(service, "prod/AUTH")).isEqualTo("Bearer " + fresh);
    assertThat(valid(service, "prod/STRIPE")).hasSize(1);
    assertThat(valid(service, "prod/AUTH")).hasSize(1);
    assertThat(folder(service)).isDirectoryNotContaining("glob:**.json");
  }

  private static Path folder(EmergencyCase service) {
    return service.folder.resolve(Rotations.FOLDER);
  }

  /** Also by the name of the template that holds it. */
  @ParameterizedTest
  @CsvSource({"STAGES, STRIPE", "NO_STAGES, STRIPE", "STAGES, AUTH", "NO_STAGES, AUTH"})
  void replacesItAndRecordsThatAPersonRevokedIt(
      EmergencyCase.Kind kind, String name, LeakProbe probe) {
    String old = "sk_live_" + probe.canary("old");
    String fresh = "sk_live_" + probe.canary("new");
    EmergencyCase service = service(kind, old);
    service.typed.add(fresh);
    service.revoked = true;
    List<String> plan = plan(service, name);
    assertThat(plan)
        .contains(
            "   You supply the new value of prod/STRIPE; get it at "
                + PAGE
                + ". Do not revoke the old one yet");
    EmergencyReport report = run(service, name);
    assertThat(report.outcome()).isEqualTo(EmergencyOutcome.BY_HAND);
    assertThat(report.open()).isEmpty();
    assertReplaced(service, fresh);
    assertThat(service.asked)
        .satisfiesExactly(
            value -> assertThat(value).contains(PAGE).contains("Do not revoke the old one yet"),
            question -> assertThat(question).startsWith("Revoke the old value of prod/STRIPE at"));
    assertThat(service.told)
        .contains("rotate PART prod/STRIPE: took the value that a person supplied")
        .anyMatch(line -> line.startsWith("expel PART prod/STRIPE: revoked at " + PAGE))
        .anyMatch(
            line -> line.contains("the old value of prod/STRIPE is refused, as a person says"))
        .contains("confirm DONE new, valid and current in the store: prod/STRIPE, prod/AUTH");
    assertThat(service.read("pm/" + report.postMortem().getFileName()))
        .contains("**done by hand**")
        .contains("as this person says; no program has checked it | anna |");
    assertThat(service.read("calls").lines()).contains("deploy", "sessions", "verify");
    probe
        .look("plan", plan)
        .look("asked", service.asked)
        .look("told", service.told)
        .look("report", report)
        .lookAtFiles(folder)
        .assertClean();
  }

  @Test
  void staysOpenUntilAPersonSaysThatItIsRevoked() {
    EmergencyCase service = service(EmergencyCase.Kind.STAGES, OLD);
    service.typed.add(NEW);
    EmergencyReport report = run(service, "STRIPE");
    assertThat(report.outcome()).isEqualTo(EmergencyOutcome.NOT_DONE);
    assertThat(report.open())
        .singleElement()
        .satisfies(
            item ->
                assertThat(item.summary())
                    .startsWith("the old value of prod/STRIPE may still work: no hook 'retire'"))
        .satisfies(
            item ->
                assertThat(item.byHand().get(0))
                    .isEqualTo(
                        "Revoke the old value at "
                            + PAGE
                            + ", and check that it is refused there."));
    assertThat(service.told).noneMatch(line -> line.contains("no old value is valid"));
    String version = valid(service, "prod/STRIPE").get(0);
    service.revoked = true;
    assertThat(run(service, "STRIPE").outcome()).isEqualTo(EmergencyOutcome.BY_HAND);
    assertThat(valid(service, "prod/STRIPE")).as("no second value").containsExactly(version);
    assertReplaced(service, NEW);
  }

  @Test
  void aHookThatShowsTheRefusalNeedsNoPerson() {
    EmergencyCase service = service(EmergencyCase.Kind.STAGES, OLD);
    service.write(
        "secrets.yaml",
        service
            .read("secrets.yaml")
            .replace("  validation: {pre", "  hooks: {retire: [\"true\"]}\n    validation: {pre"));
    service.typed.add(NEW);
    EmergencyReport report = run(service, "STRIPE");
    assertThat(report.outcome()).isEqualTo(EmergencyOutcome.DONE);
    assertThat(service.asked).hasSize(1);
    assertThat(service.told).anyMatch(line -> line.contains("refused by: " + PAGE));
  }

  @Test
  void withoutAPageItLeadsToItsIssuer() {
    EmergencyCase service = service(EmergencyCase.Kind.STAGES, OLD);
    service.typed.add(NEW);
    service.revoked = true;
    assertThat(run(service, "MAIL").outcome()).isEqualTo(EmergencyOutcome.BY_HAND);
    assertThat(service.asked.get(0)).contains("get one at its issuer");
    assertThat(served(service, "prod/MAIL")).isEqualTo(NEW);
  }

  /** Neither the current one nor one that was valid beside it. */
  @Test
  void rejectsAnExposedValue() {
    EmergencyCase service = service(EmergencyCase.Kind.STAGES, OLD);
    service.store.holding("prod/STRIPE", NEW);
    for (String exposed : List.of(OLD, NEW)) {
      service.typed.add(exposed);
      assertThatThrownBy(() -> run(service, "STRIPE"))
          .isInstanceOf(EmergencyStopped.class)
          .hasMessageContaining("the supplied value is an exposed one")
          .hasMessageNotContaining(exposed);
      assertThat(served(service, "prod/STRIPE")).isEqualTo(NEW);
    }
    service.typed.add("not a key");
    assertThatThrownBy(() -> run(service, "STRIPE"))
        .isInstanceOf(EmergencyStopped.class)
        .hasMessageContaining("begins with 'sk_live_'");
    service.typed.add(NEW + "1");
    service.revoked = true;
    assertThat(run(service, "STRIPE").outcome()).isEqualTo(EmergencyOutcome.BY_HAND);
  }

  /** What a person typed is asked for again only if the store did not get it. */
  @ParameterizedTest
  @EnumSource
  void resumesWhereverItsProcessWasKilled(EmergencyCase.Kind kind) throws IOException {
    boolean killed = true;
    for (int lines = 1; killed; lines++) {
      Path own = Files.createDirectory(folder.resolve("killed-after-" + lines));
      EmergencyCase service = service(own, kind, OLD);
      service.revoked = true;
      service.typed.addAll(List.of(NEW, NEW + "2"));
      service.killedAfter = lines;
      try {
        EmergencyReport unused = run(service, "STRIPE");
        killed = false;
      } catch (EmergencyCase.KilledProcess e) {
        String before = String.join("; ", service.told);
        boolean lost =
            before.contains("took the value") && !before.contains("stored it as pending");
        assertThat(run(service, "STRIPE").outcome())
            .as("killed after %s", before)
            .isEqualTo(EmergencyOutcome.BY_HAND);
        assertThat(service.typed.contains(NEW + "2"))
            .as("asked again after %s", before)
            .isNotEqualTo(lost);
      }
      assertReplaced(service, service.typed.isEmpty() ? NEW + "2" : NEW);
    }
  }

  /** A backend that fails between two writes of the rotation is resumed with the stored value. */
  @Test
  void resumesAfterAFailureOfTheBackend() {
    EmergencyCase service = service(EmergencyCase.Kind.STAGES, OLD);
    service.typed.add(NEW);
    service.revoked = true;
    service.store.next(
        FakeStore.Op.PROMOTE, "prod/AUTH", FakeStep.fail(SecretException.Kind.UNAVAILABLE));
    assertThatThrownBy(() -> run(service, "STRIPE")).isInstanceOf(EmergencyStopped.class);
    EmergencyReport report = run(service, "STRIPE");
    assertThat(report.outcome()).isEqualTo(EmergencyOutcome.BY_HAND);
    assertThat(service.told).anyMatch(line -> line.contains("an earlier run stored is used"));
    assertReplaced(service, NEW);
  }

  @Test
  void asksWhichPartIsSecretIfPeopleSupplySeveral() {
    EmergencyCase service = service(EmergencyCase.Kind.STAGES, OLD);
    service.write(
        "secrets.yaml",
        service.read("secrets.yaml").replace("\"Bearer {STRIPE}\"", "\"{MAIL} {STRIPE}\""));
    assertThatThrownBy(() -> run(service, "AUTH"))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("secrets emergency STRIPE")
        .hasMessageContaining("secrets emergency MAIL");
  }
}
