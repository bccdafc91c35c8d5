package de.lifetimecircle.secrets.operations.emergency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import de.lifetimecircle.secrets.testkit.LeakProbeExtension;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A drill in an environment for practice: its own store and programs, and every record says so. */
@ExtendWith(LeakProbeExtension.class)
class LiveDrillTest {
  private static final String OLD = "0123456789abcdef0123456789abcdef";

  @TempDir Path folder;

  private EmergencyCase service(String old) {
    EmergencyCase service = new EmergencyCase(folder, EmergencyCase.Kind.STAGES, old);
    service.write(
        "secrets.yaml",
        service.read("secrets.yaml").replace("{prefix: prod/,", "{prefix: prod/, drills: live,"));
    return service;
  }

  private static EmergencySettings builder(EmergencyCase service, SecretWriter writer) {
    return Emergency.of(service.site(), "KEY", writer)
        .who("anna")
        .clock(() -> service.now)
        .language(Language.ENGLISH);
  }

  private static EmergencyReport drill(EmergencyCase service) {
    try (SecretWriter writer = service.writer()) {
      return builder(service, writer).liveDrill().build().run();
    }
  }

  @Test
  void rotatesCallsTheProgramsAndSaysThatItWasADrill(LeakProbe probe) {
    String old = probe.canary("old");
    EmergencyCase service = service(old);
    service.hook("sessions", "echo sessions $EMERGENCY_DRILL >> calls");
    EmergencyReport report = drill(service);
    assertThat(report.open()).isEmpty();
    assertThat(service.store.secondClient().fetch("prod/KEY").value().asString()).isNotEqualTo(old);
    assertThat(service.read("calls").lines()).contains("deploy", "sessions 1", "verify");
    String text = service.read("pm/" + report.postMortem().getFileName());
    assertThat(report.postMortem().toString()).endsWith("-KEY-live-drill.md");
    assertThat(text)
        .startsWith("<!-- secrets post-mortem 1 environment=prod secret=KEY kind=live-drill day=")
        .contains("# DRILL Post-mortem: prod/KEY")
        .contains("**This was a drill in prod, with its store and its programs.")
        .contains("minutes of 30");
    // Each line of the timeline, and the log of rotations.
    assertThat(text.lines().filter(line -> line.matches("\\| \\d\\d:\\d\\d:\\d\\d .*")))
        .isNotEmpty()
        .allMatch(line -> line.contains("| DRILL ") && line.endsWith("anna (drill) |"));
    assertThat(service.read("secrets-rotations/rotation-log.jsonl").lines())
        .isNotEmpty()
        .allMatch(line -> line.contains("anna (drill)"));
    assertThat(PostMortem.in(folder.resolve("pm")))
        .extracting(PostMortem::kind)
        .containsExactly(PostMortem.Kind.LIVE_DRILL);
    probe.look("report", report).lookAtFiles(folder.resolve("pm")).assertClean();
  }

  /** The time until somebody has read the plan and answered is part of an emergency. */
  @Test
  void theTimeCountsFromTheCommandAndNotFromTheAnswer() {
    EmergencyCase service = service(OLD);
    try (SecretWriter writer = service.writer()) {
      Emergency emergency = builder(service, writer).liveDrill().build();
      service.now = service.now.plus(Duration.ofMinutes(7));
      assertThat(emergency.plan()).isNotEmpty();
      assertThat(emergency.run().took()).isEqualTo(Duration.ofMinutes(7));
    }
  }

  @Test
  void isRefusedWhereTheInventoryDoesNotAllowIt() {
    EmergencyCase service = new EmergencyCase(folder, EmergencyCase.Kind.STAGES, OLD);
    assertThatThrownBy(() -> drill(service))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("the inventory does not allow that in prod")
        .hasMessageContaining("drills: live");
    assertThat(service.store.secondClient().fetch("prod/KEY").value().asString()).isEqualTo(OLD);
  }

  /** The finished steps of a drill are not those of an emergency. */
  @Test
  void anEmergencyDoesNotContinueADrillNorTheOtherWayRound() {
    EmergencyCase service = service(OLD);
    service.hook("verify", "exit 4");
    assertThatThrownBy(() -> drill(service))
        .isInstanceOf(EmergencyStopped.class)
        .hasMessageContaining("Cannot finish the drill of 'prod/KEY'")
        .hasMessageContaining("emergency KEY --drill --live");
    try (SecretWriter writer = service.writer()) {
      assertThatThrownBy(() -> builder(service, writer).build().run())
          .hasMessageContaining("anna (drill) began one that is not finished, and it is a drill")
          .hasMessageContaining("emergency KEY --restart");
      assertThatThrownBy(
              () -> builder(service, writer).earlier(Emergency.Earlier.SET_ASIDE).build().run())
          .isInstanceOf(EmergencyStopped.class)
          .hasMessageContaining("Cannot finish the emergency of");
    }
    assertThatThrownBy(() -> drill(service)).hasMessageContaining("it is no drill");
    service.hook("verify", "true");
    try (SecretWriter writer = service.writer()) {
      EmergencyReport report = builder(service, writer).build().run();
      assertThat(report.open()).isEmpty();
      assertThat(PostMortem.in(folder.resolve("pm")))
          .extracting(each -> each.kind() + " " + each.outcome())
          .containsExactly("LIVE_DRILL INTERRUPTED", "REAL DONE");
    }
  }
}
