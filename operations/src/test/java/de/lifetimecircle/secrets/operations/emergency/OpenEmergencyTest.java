package de.lifetimecircle.secrets.operations.emergency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.documents.Language;
import de.lifetimecircle.secrets.operations.journal.EarlierFiles;
import de.lifetimecircle.secrets.operations.rotation.RotationListener;
import de.lifetimecircle.secrets.operations.rotation.RotationStep;
import de.lifetimecircle.secrets.operations.rotation.Rotations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What others see of an emergency that is not finished, and that no rotation overtakes it. */
class OpenEmergencyTest {
  private static final String OLD = "0123456789abcdef0123456789abcdef";

  @TempDir Path folder;
  private EmergencyCase service;

  @BeforeEach
  void begin() {
    service = new EmergencyCase(folder, EmergencyCase.Kind.STAGES, OLD);
  }

  private List<OpenEmergency> open() {
    return OpenEmergency.in(service.site(), Language.ENGLISH);
  }

  private EmergencyReport run(String name, String who) {
    try (SecretWriter writer = service.writer()) {
      return service.emergency(writer, name, who).run();
    }
  }

  private Rotations rotations(SecretWriter writer, RotationListener listener) {
    return Rotations.of(service.site().inventory(), "", writer)
        .journal(folder.resolve(Rotations.FOLDER))
        .hookFolder(folder)
        .who("bert")
        .listener(listener)
        .clock(() -> service.now)
        .build();
  }

  private List<String> records() {
    return PostMortem.in(folder.resolve("pm")).stream()
        .map(each -> each.kind() + " " + each.outcome())
        .toList();
  }

  /** The end of a process. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** As Ctrl-C: nothing of the program runs after it. */
  @ParameterizedTest
  @EnumSource(EmergencyStep.class)
  void aRunThatIsKilledInAnyStepIsOpenAndInterrupted(EmergencyStep last) {
    assertThatThrownBy(() -> killedIn(last)).isInstanceOf(Killed.class);
    assertThat(open())
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.outcome()).isEqualTo(EmergencyOutcome.INTERRUPTED);
              assertThat(each.title()).isEqualTo("Emergency of prod/KEY");
              assertThat(each.detail())
                  .startsWith(
                      "interrupted; anna began it on 2026-03-01 03:00 UTC. To finish it, run '")
                  .contains("secrets emergency KEY --resume --inventory ");
            });
    assertThat(records()).containsExactly("REAL INTERRUPTED");
    EmergencyReport report = run("KEY", "bert");
    assertThat(report.outcome()).isEqualTo(EmergencyOutcome.DONE);
    assertThat(open()).isEmpty();
    assertThat(records()).containsExactly("REAL DONE");
  }

  private void killedIn(EmergencyStep last) {
    try (SecretWriter writer = service.writer()) {
      EmergencyReport unused =
          Emergency.of(service.site(), "KEY", writer)
              .who("anna")
              .clock(() -> service.now)
              .listener(
                  new EmergencyListener() {
                    @Override
                    public void begins(EmergencyStep step, Duration elapsed) {
                      if (step == last) {
                        throw new Killed();
                      }
                    }
                  })
              .build()
              .run();
    }
  }

  @Test
  void aRunningOneIsNotCalledInterrupted() {
    List<String> seen = new ArrayList<>();
    service.write("sessions", "#!/bin/sh\n"); // it asks while the emergency holds its lock
    try (SecretWriter writer = service.writer()) {
      EmergencyReport unused =
          Emergency.of(service.site(), "KEY", writer)
              .who("anna")
              .clock(() -> service.now)
              .listener(
                  new EmergencyListener() {
                    @Override
                    public void begins(EmergencyStep step, Duration elapsed) {
                      open().forEach(each -> seen.add(each.outcome() + " " + each.detail()));
                    }
                  })
              .build()
              .run();
    }
    assertThat(seen)
        .hasSize(EmergencyStep.values().length)
        .allMatch(each -> each.equals("RUNNING running; anna began it on 2026-03-01 03:00 UTC"));
    assertThat(open()).isEmpty();
  }

  @Test
  void aNameThatLooksLikeADrillIsAName() {
    for (String who : List.of("X (drill)", " (drill)", "(drill)", "anna (drill) (drill)")) {
      service.hook("verify", "exit 4");
      assertThatThrownBy(() -> run("KEY", who)).isInstanceOf(EmergencyStopped.class);
      assertThat(open()).extracting(OpenEmergency::kind).containsExactly(PostMortem.Kind.REAL);
      service.hook("verify", "true");
      assertThat(run("KEY", who).outcome()).isEqualTo(EmergencyOutcome.DONE);
      service.now = service.now.plusSeconds(60);
    }
    assertThat(records()).containsOnly("REAL DONE");
  }

  /** It can only be started over; until then it stays open. */
  @Test
  void aStoppedOneOfAnEarlierVersionIsOpen() throws IOException {
    String name = "emergency-prod~KEY.json";
    Path journals = folder.resolve(Rotations.FOLDER);
    Path earlier = EarlierFiles.copy("emergency-prod~LTC_SECRET_KEY.json", journals);
    Path journal = Files.move(earlier, journals.resolve(name));
    assertThat(open()).extracting(OpenEmergency::outcome).containsExactly(EmergencyOutcome.UNKNOWN);
    assertThatThrownBy(() -> run("KEY", "bert"))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("or written by another version of this program")
        .hasMessageContaining("emergency KEY --restart");
    assertThat(journal).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "half a jour", "{\"form\":9}"})
  void oneThatNobodyCanReadIsOpenAllTheSame(String text) throws IOException {
    Files.createDirectories(folder.resolve(Rotations.FOLDER));
    service.write(Rotations.FOLDER + "/emergency-prod~KEY.json", text);
    service.write(Rotations.FOLDER + "/emergency-staging~KEY.json", text);
    service.write(Rotations.FOLDER + "/emergency-prod~KEY.json.2026-01-01-000000", text);
    assertThat(open())
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.outcome()).isEqualTo(EmergencyOutcome.UNKNOWN);
              assertThat(each.detail())
                  .startsWith("unknown: its journal cannot be read. To start over, run 'secrets")
                  .contains("emergency KEY --restart");
            });
  }

  @Test
  void journalsCanBeInAnotherFolder() {
    service.hook("verify", "exit 4");
    Path shared = folder.resolve("shared folder");
    try (SecretWriter writer = service.writer()) {
      assertThatThrownBy(
              () ->
                  Emergency.of(service.site(), "KEY", writer)
                      .clock(() -> service.now)
                      .journal(shared)
                      .build()
                      .run())
          .isInstanceOf(EmergencyStopped.class);
    }
    assertThat(open()).isEmpty();
    assertThat(OpenEmergency.in(shared, service.site(), Language.GERMAN))
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.title()).isEqualTo("Notfall prod/KEY");
              assertThat(each.detail()).startsWith("unterbrochen; unknown hat ihn am ");
              assertThat(each.command())
                  .startsWith("secrets emergency KEY --resume")
                  .doesNotContain("--journal");
            });
  }

  /** In the time of a check call, which may take 30 seconds, a rotation could begin. */
  @ParameterizedTest
  @CsvSource({"KEY, KEY", "URL, PW", "PW, PW"})
  void noRotationBeginsWhileAnEmergencyLooksAtHooks(String exposed, String rotated) {
    List<String> refused = new ArrayList<>();
    try (SecretWriter writer = service.writer()) {
      EmergencyReport report =
          Emergency.of(service.site(), exposed, writer)
              .who("anna")
              .clock(() -> service.now)
              .listener(
                  new EmergencyListener() {
                    @Override
                    public void begins(EmergencyStep step, Duration elapsed) {
                      refused.add(refusal(rotated));
                    }
                  })
              .build()
              .run();
      assertThat(report.outcome()).isEqualTo(EmergencyOutcome.DONE);
    }
    assertThat(refused)
        .hasSize(EmergencyStep.values().length)
        .allMatch(
            text ->
                text.equals(
                    "Cannot rotate secret 'prod/"
                        + rotated
                        + "': an emergency has reserved it and is replacing its value now (anna)."
                        + " Wait until that person has ended it; it gives the secret a new value,"
                        + " so a rotation is probably no longer due."));
    try (SecretWriter writer = service.writer()) {
      assertThat(rotations(writer, RotationListener.SILENT).rotate(rotated).changes()).isNotEmpty();
    }
  }

  private String refusal(String name) {
    try (SecretWriter writer = service.writer()) {
      return "" + rotations(writer, RotationListener.SILENT).rotate(name);
    } catch (SecretException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void anEmergencyThatMeetsARotationSaysWhoRunsItAndBeginsWhenThatHasStopped() {
    List<String> refused = new ArrayList<>();
    RotationListener meeting =
        (name, step, moment) -> {
          if (step == RotationStep.DEPLOY && moment == RotationListener.Moment.BEFORE) {
            assertThatThrownBy(() -> run("KEY", "anna"))
                .isInstanceOfSatisfying(
                    SecretException.class, e -> refused.add(String.valueOf(e.getMessage())));
            throw new Killed();
          }
        };
    try (SecretWriter writer = service.writer()) {
      assertThatThrownBy(() -> rotations(writer, meeting).rotate("KEY")).isInstanceOf(Killed.class);
    }
    assertThat(refused)
        .singleElement()
        .asString()
        .startsWith(
            "Cannot replace exposed secret 'prod/KEY': another process is rotating or renaming it"
                + " now (bert). Ask that person to stop it, which is safe,");
    assertThat(open()).as("not begun").isEmpty();
    assertThat(run("KEY", "anna").outcome()).isEqualTo(EmergencyOutcome.DONE);
    assertThat(folder.resolve(Rotations.FOLDER)).isDirectoryNotContaining("glob:**.json");
  }

  /** The exposed value is more urgent than the record. */
  @Test
  void aFolderThatTakesNoPostMortemDoesNotKeepTheExposedValueValid() throws IOException {
    service.write("pm", "a file where the folder should be");
    assertThatThrownBy(() -> run("KEY", "anna"))
        .isInstanceOf(EmergencyStopped.class)
        .hasMessageContaining("step post-mortem failed");
    assertThat(service.store.secondClient().fetch("prod/KEY").value().asString()).isNotEqualTo(OLD);
    assertThat(service.told)
        .anyMatch(each -> each.contains("the post-mortem cannot be written now"));
    Files.delete(folder.resolve("pm"));
    assertThat(run("KEY", "anna").outcome()).isEqualTo(EmergencyOutcome.DONE);
    assertThat(records()).containsExactly("REAL DONE");
  }
}
