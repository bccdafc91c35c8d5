package de.lifetimecircle.secrets.operations.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.journal.EarlierFiles;
import de.lifetimecircle.secrets.operations.journal.RecordMapping;
import de.lifetimecircle.secrets.operations.rotation.RotationJournal.Given;
import de.lifetimecircle.secrets.operations.rotation.RotationReport.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two machines, one store: each knows only its own journals, and its own processes. */
class TwoMachinesTest extends RotationCase {
  private static final String PW = "prod/DB_ADMIN_PW";
  private static final String FILE = "prod.DB_ADMIN_PW.rotation.json";

  /** The end of the process. */
  private static final class Crash extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** The first machine is killed in the hook, which has applied the new value. */
  private void killInApply() {
    hook("apply", "cat >> applied");
    assertThatThrownBy(
            () ->
                builder(java.time.Duration.ofSeconds(20))
                    .hooks(
                        (program, variables, input, secrets, started, watch) -> {
                          throw new Crash();
                        })
                    .build()
                    .rotate("DB_ADMIN_PW"))
        .isInstanceOf(Crash.class);
  }

  private static void assertConflict(ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SecretException.class,
            e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.CONFLICT))
        .message()
        .contains(words);
  }

  private void rewrite(Path file, String from, String to) throws IOException {
    String text = Files.readString(file).replaceAll(",\"sum\":\"[0-9a-f]+\"", "");
    String other = text.strip().replace(from, to);
    assertThat(other).isNotEqualTo(text.strip());
    String sum = RecordMapping.digest(other);
    Files.writeString(file, other.replaceAll("}$", ",\"sum\":\"" + sum + "\"}") + "\n");
  }

  @Test
  void theJournalSaysThatAHookBegan() throws IOException {
    use(Kind.STAGES);
    killInApply();
    RotationJournal left = RotationJournal.FORM.read(Files.readString(journal.resolve(FILE)));
    assertThat(left.given()).isEqualTo(Given.UNKNOWN);
    assertThat(left.call()).hasValueSatisfying(call -> assertThat(call.isSeenHere()).isTrue());
    assertThat(left.call().orElseThrow().step()).isEqualTo(RotationStep.APPLY);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aRotationThatAnotherMachineEndedDoesNotComeBack(Kind kind) {
    use(kind);
    killInApply();
    Path first = journal;
    journal = records.resolve("second");
    assertConflict(
        () -> rotations().abandon("DB_ADMIN_PW"),
        "has no journal of it",
        "'secrets rotate abandon DB_ADMIN_PW --hooks-ended'");
    assertThat(confirmed().abandon("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.ABANDONED);
    String served = held(PW);
    assertThat(folder.resolve("applied"))
        .content()
        .contains("\"new\":{\"DB_ADMIN_PW\":\"" + served);
    journal = first;
    for (ThrowingCallable way :
        List.<ThrowingCallable>of(
            () -> rotations().resume("DB_ADMIN_PW"),
            () -> rotations().due().forEach(rotations()::handle))) {
      assertThatThrownBy(way)
          .isInstanceOf(RotationStopped.class)
          .hasMessageContaining("its new value is no longer pending")
          .hasMessageContaining("may accept the old value or the new one")
          .hasMessageContaining("'secrets rotate abandon DB_ADMIN_PW'");
    }
    assertConflict(() -> rotations().rotate("DB_ADMIN_PW"), "is no longer pending");
    assertThat(held(PW)).isEqualTo(served);
    assertThat(rotations().abandon("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.ABANDONED);
    assertThat(rotations().rotate("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.WAITING);
  }

  /** Both keep their journals in one repository. */
  @Test
  void theLogNamesThePersonWhoEndedIt() throws IOException {
    use(Kind.STAGES);
    killInApply();
    String text = Files.readString(journal.resolve(FILE));
    now = now.plusSeconds(60);
    rotations().abandon("DB_ADMIN_PW");
    Files.writeString(journal.resolve(FILE), text);
    assertThatThrownBy(() -> rotations().resume("DB_ADMIN_PW"))
        .hasMessageContaining("anna has ended it at " + now + " (ABANDONED in the log)");
  }

  @Test
  void aRotationThatTheLogCallsEndedMakesNoNewValue() throws IOException {
    use(Kind.STAGES);
    listener =
        (name, step, moment) -> {
          if (step == RotationStep.PENDING) {
            throw new Crash();
          }
        };
    assertThatThrownBy(() -> rotations().rotate("DB_ADMIN_PW")).isInstanceOf(Crash.class);
    listener = RotationListener.SILENT;
    String text = Files.readString(journal.resolve(FILE));
    rotations().abandon("DB_ADMIN_PW");
    Files.writeString(journal.resolve(FILE), text);
    assertConflict(() -> rotations().resume("DB_ADMIN_PW"), "anna has ended it");
  }

  /** The hook may still run there, and give the new value after everything here has ended. */
  @Test
  void aHookThatBeganElsewhereIsConfirmed() throws IOException {
    use(Kind.STAGES);
    killInApply();
    rewrite(journal.resolve(FILE), "pid:[", "pid:[9");
    assertConflict(
        () -> rotations().abandon("DB_ADMIN_PW"),
        "its hook 'apply' began on another machine or before a restart",
        "'secrets rotate abandon DB_ADMIN_PW --hooks-ended'");
    assertThat(folder.resolve("applied")).doesNotExist();
    assertThat(confirmed().abandon("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.ABANDONED);
    assertThat(folder.resolve("applied")).content().contains(held(PW));
  }

  /**
   * The same machine, and a copy of the journal without its locks: the hook is seen all the same.
   */
  @Test
  void aHookThatRunsHereIsSeenFromACopyOfTheJournal() throws IOException {
    use(Kind.STAGES);
    killInApply();
    String id = RotationJournal.FORM.read(Files.readString(journal.resolve(FILE))).rotation();
    ProcessBuilder orphan = new ProcessBuilder("sh", "-c", "echo; exec cat");
    orphan.environment().put("ROTATION_ID", id);
    Process hook = orphan.start();
    try {
      assertThat(hook.getInputStream().read()).isEqualTo('\n');
      for (Rotations person : List.of(rotations(), confirmed())) {
        for (ThrowingCallable way :
            List.<ThrowingCallable>of(
                () -> person.abandon("DB_ADMIN_PW"), () -> person.resume("DB_ADMIN_PW"))) {
          assertConflict(way, "its hook 'apply' still runs as process " + hook.pid());
        }
      }
    } finally {
      hook.destroyForcibly().onExit().join();
    }
    assertThat(rotations().abandon("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.ABANDONED);
  }

  /** A newer rotation elsewhere has given its own value, which an end here would replace. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void nothingIsGivenBesideANewerRotation(Kind kind) {
    use(kind);
    killInApply();
    Path first = journal;
    journal = records.resolve("second");
    confirmed().abandon("DB_ADMIN_PW");
    hook("test", "exit 1");
    assertThatThrownBy(() -> rotations().rotate("DB_ADMIN_PW")).isInstanceOf(RotationStopped.class);
    journal = first;
    assertConflict(() -> rotations().abandon("DB_ADMIN_PW"), "for another rotation");
  }

  @Test
  void anEarlierJournalDoesNotSayWhetherAHookWasCutOff() throws IOException {
    Path file = EarlierFiles.copy(FILE, journal);
    RotationJournal read = RotationJournal.FORM.read(Files.readString(file));
    assertThat(read.given()).isEqualTo(Given.UNKNOWN);
    assertThat(read.call()).isEmpty();
  }

  /** Nothing can have been given where the inventory has no such hook. */
  @Test
  void withoutAHookThatAppliesNobodyConfirms() throws IOException {
    use(Kind.STAGES);
    withoutHooks("    hooks: {apply: {none: it asks the store}, test: [./test]}\n");
    hook("test", "exit 1");
    assertThatThrownBy(() -> rotations().rotate("DB_ADMIN_PW")).isInstanceOf(RotationStopped.class);
    Files.delete(journal.resolve(FILE));
    assertThat(rotations().abandon("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.ABANDONED);
  }
}
