package de.lifetimecircle.secrets.operations.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.rotation.RotationReport.Outcome;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is accepted for a secret whose last rotation has not ended. */
class RepeatedRotationTest extends RotationCase {
  private static final String PW = "prod/DB_ADMIN_PW";
  private static final String URL = "prod/DATABASE_URL";

  @BeforeEach
  void prepare() {
    use(Kind.NO_STAGES);
    withoutHooks("    hooks: {apply: {none: it asks the store}}\n");
  }

  private static void assertConflict(ThrowingCallable call, String why) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SecretException.class,
            e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.CONFLICT))
        .hasMessageContaining(why);
  }

  @Test
  void theNextOneBeginsWhenTheGraceIsOver() {
    now = now.plusNanos(425_777_034);
    rotations().rotate("DB_ADMIN_PW");
    String first = held(PW);
    now = now.plus(Duration.ofHours(24)).minusNanos(1);
    assertConflict(
        () -> rotations().rotate("DB_ADMIN_PW"),
        "the grace of its old value lasts until 2026-03-02T03:00:00Z.");
    now = now.plusNanos(1);
    assertThat(rotations().rotate("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.WAITING);
    assertThat(held(PW)).isNotEqualTo(first);
    assertThat(log().entries())
        .extracting(LogEntry::event)
        .containsSubsequence(LogEntry.Event.BEGUN, LogEntry.Event.FINISHED, LogEntry.Event.BEGUN);
  }

  @Test
  void theOldValueIsRetiredOnlyOnceTheNewOneIsInUse() {
    store.next(Op.PUT, URL, FakeStep.fail(SecretException.Kind.UNAVAILABLE));
    assertThatThrownBy(() -> rotations().rotate("DB_ADMIN_PW")).isInstanceOf(RotationStopped.class);
    assertConflict(() -> rotations().retire("DB_ADMIN_PW"), "the new value is not in service yet");
    assertConflict(() -> rotations().rollback("DB_ADMIN_PW"), "its templates are not rendered yet");
    assertThat(rotations().open("DB_ADMIN_PW"))
        .get()
        .extracting(RotationReport::outcome)
        .isEqualTo(Outcome.OPEN);
    assertThat(rotations().resume("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.WAITING);
    assertThat(rotations().open("DB_ADMIN_PW"))
        .get()
        .extracting(RotationReport::outcome)
        .isEqualTo(Outcome.WAITING);
    assertThat(rotations().retire("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.FINISHED);
    assertThat(store.calls(Op.RETIRE)).isEqualTo(2);
    assertThat(log().entries())
        .extracting(LogEntry::event)
        .contains(LogEntry.Event.STOPPED, LogEntry.Event.RESUMED);
  }

  @Test
  void aWayBackCannotBeRetired() {
    rotations().rotate("DB_ADMIN_PW");
    store.next(Op.PUT, URL, FakeStep.fail(SecretException.Kind.UNAVAILABLE));
    assertThatThrownBy(() -> rotations().rollback("DB_ADMIN_PW"))
        .isInstanceOf(RotationStopped.class);
    now = now.plus(Duration.ofDays(2));
    assertConflict(() -> rotations().retire("DB_ADMIN_PW"), "the new value is not in service yet");
    assertConflict(
        () -> rotations().rotate("DB_ADMIN_PW"), "a rotation of it is open, begun by anna");
    assertThat(rotations().rollback("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(store.calls(Op.RETIRE)).isZero();
  }

  @Test
  void onlyWhatIsDueIsHandled() {
    List<DueSecret> later = rotations().due();
    assertThat(later).extracting(DueSecret::state).containsOnly(DueSecret.State.LATER);
    assertThat(later).allSatisfy(due -> assertThat(rotations().handle(due)).isEmpty());
    assertThat(store.calls(Op.PUT)).isZero();
    assertThat(rotations().passForeignBy("DB_ADMIN_PW")).isEmpty();
  }
}
