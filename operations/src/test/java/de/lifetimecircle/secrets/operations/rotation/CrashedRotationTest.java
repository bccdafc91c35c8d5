package de.lifetimecircle.secrets.operations.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.operations.rotation.RotationListener.Moment;
import de.lifetimecircle.secrets.operations.rotation.RotationReport.Outcome;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the next process makes of a rotation whose process ended before, in or after a step. No hook
 * runs, so that each crash takes milliseconds; RotationCrashTest of the command line kills real
 * processes.
 */
class CrashedRotationTest extends RotationCase {
  private static final String PW = "prod/DB_ADMIN_PW";
  private static final String URL = "prod/DATABASE_URL";
  private static final String OLD = "0123456789abcdef0123456789abcdef";

  /** The end of the process. */
  private static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Each step of both forms of a pending value; what a step has recorded, the next one finds. */
  private static Stream<Arguments> crashes(List<RotationStep> steps) {
    RotationStep last = steps.get(steps.size() - 1);
    return Stream.of(Kind.STAGES, Kind.NO_STAGES)
        .flatMap(
            kind ->
                Stream.concat(
                    steps.stream()
                        .flatMap(
                            step ->
                                Stream.of(Moment.BEFORE, Moment.DONE)
                                    .map(moment -> Arguments.of(kind, step, moment))),
                    Stream.of(Arguments.of(kind, last, Moment.RECORDED))));
  }

  static Stream<Arguments> forward() {
    return crashes(
        List.of(
            RotationStep.GENERATE,
            RotationStep.PENDING,
            RotationStep.PROMOTE,
            RotationStep.RENDER,
            RotationStep.RETIRE));
  }

  static Stream<Arguments> back() {
    return crashes(List.of(RotationStep.PROMOTE, RotationStep.RENDER));
  }

  private void prepare(Kind kind) {
    use(kind);
    withoutHooks("    hooks: {apply: {none: it asks the store}}\n");
  }

  private void crash(RotationStep at, Moment when, Runnable rotation) {
    listener =
        (name, step, moment) -> {
          if (step == at && moment == when) {
            throw new Crash();
          }
        };
    assertThatThrownBy(rotation::run).isInstanceOf(Crash.class);
    listener = RotationListener.SILENT;
  }

  private Path file() {
    return journal.resolve("prod.DB_ADMIN_PW.rotation.json");
  }

  /** The new value, if the store has it as pending. */
  private Optional<String> pending() {
    try {
      RotationJournal left = RotationJournal.FORM.read(Files.readString(file()));
      PendingStore place = PendingStore.of(writer());
      return place
          .kept(PW, left.rotation())
          .map(
              version -> {
                try (SecretValue value = place.value(left.changes().get(0).withPending(version))) {
                  return value.asString();
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertServed(String password) {
    assertThat(held(PW)).isEqualTo(password);
    assertThat(held(URL)).isEqualTo("postgresql://app:" + password + "@db:5432/ltc");
  }

  private void assertEnded(LogEntry.Event event) {
    assertThat(file()).doesNotExist();
    assertThat(log().problems()).isEmpty();
    assertThat(log().entries()).extracting(LogEntry::event).endsWith(event);
    assertThat(PendingStore.of(writer()).foreign(PW, "another")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("forward")
  void isFinishedWithTheValueThatItLeft(Kind kind, RotationStep step, Moment moment) {
    prepare(kind);
    crash(step, moment, () -> rotations().rotate("DB_ADMIN_PW", Duration.ZERO));
    if (step == RotationStep.GENERATE && moment == Moment.BEFORE) {
      assertThat(file()).doesNotExist();
      assertThat(store.calls(Op.PUT)).isZero();
      return;
    }
    Optional<String> left = pending();
    boolean isKept = step == RotationStep.PENDING && moment == Moment.DONE;
    if (isKept || (step == RotationStep.PROMOTE && moment == Moment.BEFORE)) {
      assertThat(left).isPresent();
    }
    assertThat(rotations().resume("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.FINISHED);
    String fresh = held(PW);
    assertThat(fresh).matches("[0-9a-f]{32}").isNotEqualTo(OLD);
    left.ifPresent(value -> assertThat(fresh).isEqualTo(value));
    assertServed(fresh);
    assertEnded(LogEntry.Event.FINISHED);
    if (kind == Kind.STAGES) {
      assertThat(valid(PW)).containsOnly(fresh);
    }
    int again = isKept ? 2 : 0; // the journal does not know of them
    assertThat(store.calls(Op.PUT)).isEqualTo((kind == Kind.STAGES ? 2 : 6) + again);
    assertThat(store.calls(Op.PROMOTE)).isEqualTo(kind == Kind.STAGES ? 2 : 0);
  }

  @ParameterizedTest
  @MethodSource("forward")
  void isAbandonedUntilItsValueIsServed(Kind kind, RotationStep step, Moment moment) {
    prepare(kind);
    crash(step, moment, () -> rotations().rotate("DB_ADMIN_PW", Duration.ZERO));
    if (step == RotationStep.GENERATE && moment == Moment.BEFORE) {
      assertThatThrownBy(() -> rotations().abandon("DB_ADMIN_PW"))
          .hasMessageContaining("no rotation of it is open");
    } else if (step.compareTo(RotationStep.PROMOTE) < 0
        || (step == RotationStep.PROMOTE && moment == Moment.BEFORE)) {
      assertThat(rotations().abandon("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.ABANDONED);
      assertServed(OLD);
      assertThat(valid(PW)).containsOnly(OLD);
      assertEnded(LogEntry.Event.ABANDONED);
    } else {
      String fresh = held(PW);
      assertThatThrownBy(() -> rotations().abandon("DB_ADMIN_PW"))
          .isInstanceOfSatisfying(
              SecretException.class,
              e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.CONFLICT))
          .hasMessageContaining("its new value is in service");
      assertThat(file()).exists();
      assertThat(held(PW)).isEqualTo(fresh).isNotEqualTo(OLD);
    }
  }

  @ParameterizedTest
  @MethodSource("back")
  void isTakenBackToItsEnd(Kind kind, RotationStep step, Moment moment) {
    prepare(kind);
    assertThat(rotations().rotate("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.WAITING);
    int puts = store.calls(Op.PUT);
    crash(step, moment, () -> rotations().rollback("DB_ADMIN_PW"));
    assertThatThrownBy(() -> rotations().retire("DB_ADMIN_PW"))
        .hasMessageContaining("Finish the rollback");
    RotationReport report =
        moment == Moment.DONE
            ? rotations().rollback("DB_ADMIN_PW")
            : rotations().resume("DB_ADMIN_PW");
    assertThat(report.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertServed(OLD);
    assertEnded(LogEntry.Event.ROLLED_BACK);
    assertThat(store.calls(Op.PUT) - puts).isEqualTo(kind == Kind.STAGES ? 0 : 2);
    assertThat(store.calls(Op.PROMOTE)).isEqualTo(kind == Kind.STAGES ? 4 : 0);
  }
}
