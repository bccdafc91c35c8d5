package de.lifetimecircle.secrets.operations.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.operations.journal.RecordMapping;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a rotation does and says where the inventory has no hook for a step. */
class UnappliedRotationTest extends RotationCase {
  /** The password opens the database, so without the hook nothing is begun, pending or served. */
  @Test
  void refusesWhatOpensSomethingAndHasNoHookThatBringsItThere() {
    use(Kind.STAGES);
    withoutHooks("");
    for (Runnable rotation :
        List.<Runnable>of(
            () -> rotations().rotate("DB_ADMIN_PW"),
            () -> rotations().rotateTo("DB_ADMIN_PW", SecretValue.of("f".repeat(32))))) {
      assertThatThrownBy(rotation::run)
          .isInstanceOfSatisfying(
              SecretException.class,
              e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.CONFIGURATION))
          .hasMessageContaining("it opens the database of DATABASE_URL")
          .hasMessageContaining("apply: {none: REASON}");
    }
    assertThat(store.calls(FakeStore.Op.PUT)).isZero();
    assertThat(journal).doesNotExist();
  }

  @Test
  void saysNothingOfStepsInWhichNothingRan() {
    use(Kind.STAGES);
    withoutHooks("    hooks: {apply: {none: it asks the store}}\n");
    List<RotationStep> told = new ArrayList<>();
    listener =
        (name, step, moment) -> {
          if (moment == RotationListener.Moment.RECORDED) {
            told.add(step);
          }
        };
    RotationReport report = rotations().rotate("DB_ADMIN_PW", Duration.ZERO);
    assertThat(report.oldValue()).isEqualTo(RotationReport.OldValue.NOT_TRIED);
    assertThat(told)
        .containsExactly(
            RotationStep.GENERATE,
            RotationStep.PENDING,
            RotationStep.PROMOTE,
            RotationStep.RENDER,
            RotationStep.RETIRE);
    assertThat(log().entries().stream().flatMap(entry -> entry.step().stream()).toList())
        .isEqualTo(told);
    assertThat(log().entries().get(0).note()).contains("(apply: none): it asks the store");
  }

  /** Somebody wires the hook after a rotation was stopped behind its place. */
  @Test
  void callsAHookThatWasAddedWhileItCanStillBeOfUse() {
    use(Kind.STAGES);
    withoutHooks("    hooks: {apply: {none: not yet}, test: [./test]}\n");
    hook("test", "exit 1");
    assertThatThrownBy(() -> rotations().rotate("DB_ADMIN_PW")).isInstanceOf(RotationStopped.class);
    Path file = journal.resolve("prod.DB_ADMIN_PW.rotation.json");
    assertThat(file).content().contains("\"idle\":[\"APPLY\"]");
    inventoryText(text -> text);
    hook("apply", "echo $ROTATION_DIRECTION >> applied");
    hook("test", "exit 0");
    rotations().resume("DB_ADMIN_PW");
    assertThat(folder.resolve("applied")).hasContent("forward");
  }

  /** As a rotation left it before anybody asked for the hook: served, and nowhere applied. */
  private Path waitingUnapplied() {
    use(Kind.STAGES);
    withoutHooks("    hooks: {apply: {none: not yet}}\n");
    rotations().rotate("DB_ADMIN_PW");
    withoutHooks("");
    return journal.resolve("prod.DB_ADMIN_PW.rotation.json");
  }

  private static String withoutIdle(String text) {
    String old =
        text.strip()
            .replaceFirst(",\"idle\":\\[[^]]*]", "")
            .replaceFirst("\"done\":\\[", "\"done\":[\"APPLY\",\"TEST\",\"DEPLOY\",\"VERIFY\",")
            .replaceFirst(",\"sum\":\"[0-9a-f]+\"", "");
    return old.substring(0, old.length() - 1) + ",\"sum\":\"" + RecordMapping.digest(old) + "\"}\n";
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void retiresNothingOfARotationThatReachedNothing(boolean ofAnOlderVersion) throws IOException {
    Path file = waitingUnapplied();
    if (ofAnOlderVersion) {
      Files.writeString(file, withoutIdle(Files.readString(file)));
    }
    long logged = log().entries().size();
    now = now.plus(Duration.ofDays(2));
    for (Runnable way :
        List.<Runnable>of(
            () -> rotations().retire("DB_ADMIN_PW"),
            () -> rotations().resume("DB_ADMIN_PW"),
            () -> rotations().due().forEach(rotations()::handle))) {
      assertThatThrownBy(way::run)
          .isInstanceOf(SecretException.class)
          .hasMessageContaining("no hook 'apply'");
    }
    assertThat(valid("prod/DB_ADMIN_PW")).contains("0123456789abcdef0123456789abcdef");
    assertThat(log().entries()).hasSize((int) logged);
    inventoryText(text -> text);
    hook("apply", "echo apply $ROTATION_DIRECTION >> called");
    hook("retire", "echo retire >> called");
    rotations().resume("DB_ADMIN_PW");
    assertThat(folder.resolve("called")).hasContent("apply forward\nretire");
  }

  /** The database has the new password, so without the hook no way back may be called one. */
  @Test
  void takesNothingBackThatNoHookCanTakeBack() {
    use(Kind.STAGES);
    rotations().rotate("DB_ADMIN_PW");
    withoutHooks("    hooks: {apply: {none: it was taken out}}\n");
    assertThatThrownBy(() -> rotations().rollback("DB_ADMIN_PW"))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("Put that hook back");
    inventoryText(text -> text);
    assertThat(rotations().rollback("DB_ADMIN_PW").outcome())
        .isEqualTo(RotationReport.Outcome.ROLLED_BACK);
    hook("test", "exit 1");
    hook("apply", "[ $ROTATION_DIRECTION = forward ]");
    assertThatThrownBy(() -> rotations().rotate("DB_ADMIN_PW"))
        .isInstanceOf(RotationStopped.class)
        .hasMessageContaining(
            "the hook ended with 1. The old value could not be applied again (the hook ended with"
                + " 1), so it may be invalid.");
    withoutHooks("    hooks: {apply: {none: it was taken out}}\n");
    assertThatThrownBy(() -> rotations().abandon("DB_ADMIN_PW"))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("Put that hook back");
  }
}
