package de.lifetimecircle.secrets.operations.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.SecretVersion;
import de.lifetimecircle.secrets.operations.rotation.RotationListener.Moment;
import de.lifetimecircle.secrets.operations.rotation.RotationReport.Outcome;
import de.lifetimecircle.secrets.operations.rotation.RotationStopped.Served;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A backend refuses one call, or people change something, between the steps of a rotation. */
class StoppedRotationTest extends RotationCase {
  private static final String PW = "prod/DB_ADMIN_PW";
  private static final String USER = "prod/DB_USERNAME";
  private static final String HOST = "prod/DB_HOST";
  private static final String URL = "prod/DATABASE_URL";
  private static final String OLD = "0123456789abcdef0123456789abcdef";
  private static final String NO_APPLY = "    hooks: {apply: {none: it asks the store}}\n";
  private static final String RESUME = " Resume with 'secrets rotate resume DB_ADMIN_PW'";

  private void prepare(Kind kind) {
    use(kind);
    withoutHooksWithTwoUsers();
  }

  /** The call that serves another version. */
  private static Op serving(Kind kind) {
    return kind == Kind.STAGES ? Op.PROMOTE : Op.PUT;
  }

  private void before(RotationStep at, Runnable change) {
    listener =
        (name, step, moment) -> {
          if (step == at && moment == Moment.BEFORE) {
            change.run();
          }
        };
  }

  private void failNext(Op op, String name, SecretException.Kind kind) {
    store.next(op, name, FakeStep.fail(kind));
  }

  private RotationStopped stopped(Runnable rotation) {
    RotationStopped stopped = catchThrowableOfType(RotationStopped.class, rotation::run);
    assertThat(stopped).isNotNull();
    listener = RotationListener.SILENT;
    return stopped;
  }

  private RotationStopped stoppedRotation() {
    return stopped(() -> rotations().rotate("DB_ADMIN_PW"));
  }

  // ---- before the promotion

  @Test
  void aValueThatTheBackendChangesIsNotApplied() {
    prepare(Kind.STAGES);
    store.next(Op.FETCH_VERSION, PW, FakeStep.value("x", "f".repeat(32)));
    RotationStopped stopped = stoppedRotation();
    assertThat(stopped.step()).isEqualTo(RotationStep.PENDING);
    assertThat(stopped)
        .hasMessageContaining("the backend returned another value than the stored one")
        .hasMessageContaining("The old value is in service." + RESUME + ", or abandon it with ");
    assertThat(held(PW)).isEqualTo(OLD);
    assertThat(rotations().resume("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.WAITING);
  }

  @Test
  void aTemplateThatBreaksItsRuleIsNotStored() {
    use(Kind.STAGES);
    inventoryText(text -> withoutHooks(text, NO_APPLY) + "    validation: {min-length: 200}\n");
    assertThat(stoppedRotation().step()).isEqualTo(RotationStep.PENDING);
    assertThat(store.calls(Op.PUT, URL)).isZero();
    assertThat(valid(URL)).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void anInventoryThatLostWhatTheRotationNeedsIsNamed(Kind kind) {
    prepare(kind);
    before(RotationStep.PENDING, () -> store.outage(FakeStep.fail(SecretException.Kind.TIMEOUT)));
    assertThat(stoppedRotation()).hasMessageContaining(RESUME + ", or abandon it with ");
    store.recover();
    withoutHooks(NO_APPLY);
    assertThat(stopped(() -> rotations().resume("DB_ADMIN_PW")))
        .hasMessageContaining("no longer says which users take turns")
        .hasMessageContaining("Put rotation.alternate back");
    inventoryText(
        text ->
            withTwoUsers(
                withoutHooks(text, RETIRE_ONLY).replaceAll("template: .*", "generator: hex 16")));
    assertThat(stopped(() -> rotations().resume("DB_ADMIN_PW")))
        .hasMessageContaining("the inventory no longer has a template for it")
        .hasMessageContaining("Put the template back");
    withoutHooksWithTwoUsers();
    assertThat(rotations().resume("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.WAITING);
    assertThat(held(URL)).isEqualTo("postgresql://app_b:" + held(PW) + "@db:5432/ltc");
  }

  @Test
  void aSuppliedValueThatWasNotStoredIsSuppliedAgain() {
    use(Kind.NO_STAGES);
    withoutHooks(NO_APPLY);
    String pending = HOST + "-pending";
    failNext(Op.PUT, pending, SecretException.Kind.UNAVAILABLE);
    try (SecretValue host = SecretValue.of("db2")) {
      assertThat(stopped(() -> rotations().rotateTo("DB_HOST", host)))
          .hasMessageEndingWith(
              " The old value is in service. The new value was not stored: abandon the rotation"
                  + " with 'secrets rotate abandon DB_HOST', then supply the value again with"
                  + " 'secrets rotate DB_HOST --from-stdin'.");
      assertThat(rotations().abandon("DB_HOST").outcome()).isEqualTo(Outcome.ABANDONED);
      // The value is stored, and the template of it is not: nothing is lost.
      failNext(Op.PUT, URL + "-pending", SecretException.Kind.UNAVAILABLE);
      String ways =
          " Resume with 'secrets rotate resume DB_HOST', or abandon it with"
              + " 'secrets rotate abandon DB_HOST'.";
      assertThat(stopped(() -> rotations().rotateTo("DB_HOST", host))).hasMessageEndingWith(ways);
      assertThat(rotations().abandon("DB_HOST").outcome()).isEqualTo(Outcome.ABANDONED);
      before(
          RotationStep.PENDING,
          () -> store.outage(FakeStep.fail(SecretException.Kind.UNAVAILABLE)));
      assertThat(stopped(() -> rotations().rotateTo("DB_HOST", host))).hasMessageEndingWith(ways);
    }
  }

  // ---- the promotion and the templates

  @ParameterizedTest
  @EnumSource(Kind.class)
  void theValueInServiceIsNamedInThePromotion(Kind kind) {
    prepare(kind);
    failNext(serving(kind), PW, SecretException.Kind.UNAVAILABLE);
    RotationStopped first = stoppedRotation();
    assertThat(first.served()).isEqualTo(Served.OLD);
    assertThat(first)
        .hasMessageEndingWith(
            " The old value is in service."
                + RESUME
                + ", or abandon it with 'secrets rotate abandon DB_ADMIN_PW'.");
    failNext(serving(kind), USER, SecretException.Kind.UNAVAILABLE);
    RotationStopped second = stopped(() -> rotations().resume("DB_ADMIN_PW"));
    assertThat(second.served()).isEqualTo(Served.NEW);
    assertThat(second).hasMessageEndingWith(" The new value is in service." + RESUME + ".");
    assertThat(rotations().resume("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.WAITING);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aTemplateIsServedWithThePartsOfToday(Kind kind) {
    prepare(kind);
    before(RotationStep.RENDER, () -> store.holding(HOST, "db9"));
    rotations().rotate("DB_ADMIN_PW");
    assertThat(held(URL)).isEqualTo("postgresql://app_b:" + held(PW) + "@db9:5432/ltc");
    listener = RotationListener.SILENT;
    store.holding(HOST, "db7");
    rotations().rollback("DB_ADMIN_PW");
    assertThat(held(URL)).isEqualTo("postgresql://app:" + OLD + "@db7:5432/ltc");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aTemplateThatSomebodyChangedIsServedAllTheSame(Kind kind) {
    prepare(kind);
    before(RotationStep.RENDER, () -> store.holding(URL, "by-hand"));
    rotations().rotate("DB_ADMIN_PW");
    assertThat(held(URL)).isEqualTo("postgresql://app_b:" + held(PW) + "@db:5432/ltc");
    listener = RotationListener.SILENT;
    store.holding(URL, "by-hand");
    rotations().rollback("DB_ADMIN_PW");
    assertThat(held(URL)).isEqualTo("postgresql://app:" + OLD + "@db:5432/ltc");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aTemplateThatIsRightAlreadyIsNotWritten(Kind kind) {
    prepare(kind);
    List<String> theirs = new ArrayList<>();
    before(
        RotationStep.RENDER,
        () -> {
          store.holding(URL, "postgresql://app_b:" + held(PW) + "@db:5432/ltc");
          theirs.add(version(URL));
        });
    RotationReport report = rotations().rotate("DB_ADMIN_PW");
    assertThat(report.changes())
        .filteredOn(change -> change.name().equals(URL))
        .extracting(RotationReport.Changed::newVersion)
        .containsExactly(theirs.get(0));
    assertThat(version(URL)).isEqualTo(theirs.get(0));
    listener = RotationListener.SILENT;
    store.holding(URL, "postgresql://app:" + OLD + "@db:5432/ltc");
    String restored = version(URL);
    rotations().rollback("DB_ADMIN_PW");
    assertThat(version(URL)).isEqualTo(restored);
    assertThat(store.calls(serving(kind), URL)).isZero();
    assertThat(held(URL)).isEqualTo("postgresql://app:" + OLD + "@db:5432/ltc");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aValueOfSomebodyElseLeavesNothingButGivingUp(Kind kind) {
    prepare(kind);
    before(RotationStep.PROMOTE, () -> store.holding(PW, "by-hand"));
    assertThat(stoppedRotation())
        .hasMessageEndingWith(
            " A value that another writer has set is in service. This rotation cannot finish:"
                + " abandon it with 'secrets rotate abandon DB_ADMIN_PW'.");
    assertThat(rotations().abandon("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.ABANDONED);
    assertThat(notes).anyMatch(note -> note.contains("the served value stays"));
    before(RotationStep.PROMOTE, () -> store.outage(FakeStep.fail(SecretException.Kind.TIMEOUT)));
    assertThat(stoppedRotation())
        .hasMessageEndingWith(
            RESUME + ", or abandon it with 'secrets rotate abandon DB_ADMIN_PW'.");
    store.recover();
    rotations().resume("DB_ADMIN_PW");
    store.holding(PW, "by-another-hand");
    assertThatThrownBy(() -> rotations().rollback("DB_ADMIN_PW"))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("another writer has changed '" + PW + "'");
  }

  @Test
  void aRotationWithoutTemplatesReportsNoneAsRendered() {
    use(Kind.STAGES);
    inventoryText(
        text -> withoutHooks(text, NO_APPLY).replaceAll("template: .*", "generator: hex 16"));
    List<RotationStep> told = new ArrayList<>();
    listener =
        (name, step, moment) -> {
          if (moment == Moment.RECORDED) {
            told.add(step);
          }
        };
    rotations().rotate("DB_ADMIN_PW");
    assertThat(told)
        .containsExactly(RotationStep.GENERATE, RotationStep.PENDING, RotationStep.PROMOTE);
  }

  // ---- the way back

  @Test
  void theHooksRunOnTheWayBack() {
    use(Kind.NO_STAGES);
    for (String step : List.of("apply", "test", "deploy", "verify")) {
      hook(step, "echo " + step + " $ROTATION_DIRECTION >> called");
    }
    rotations().rotate("DB_ADMIN_PW");
    rotations().rollback("DB_ADMIN_PW");
    assertThat(folder.resolve("called"))
        .hasContent(
            "apply forward\ntest forward\ndeploy forward\nverify forward\n"
                + "apply back\ntest back\ndeploy back\nverify back");
  }

  /** As after a crash, when nobody has applied the old value again. */
  @Test
  void theHookAppliesTheOldValueOfAnAbandonedRotation() {
    use(Kind.NO_STAGES);
    hook("apply", "echo apply $ROTATION_DIRECTION >> called");
    before(
        RotationStep.TEST,
        () -> {
          throw new IllegalStateException("crash");
        });
    assertThatThrownBy(() -> rotations().rotate("DB_ADMIN_PW"))
        .isInstanceOf(IllegalStateException.class);
    listener = RotationListener.SILENT;
    assertThat(rotations().abandon("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.ABANDONED);
    assertThat(folder.resolve("called")).hasContent("apply forward\napply back");
  }

  /** A backend that keeps no old version loses the pending value as soon as it is cleared. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void thePendingValueStaysUntilTheOldOneIsAppliedAgain(Kind kind) {
    use(kind);
    hook("apply", "cat > applied.$ROTATION_DIRECTION");
    before(
        RotationStep.TEST,
        () -> {
          throw new IllegalStateException("crash");
        });
    assertThatThrownBy(() -> rotations().rotate("DB_ADMIN_PW"))
        .isInstanceOf(IllegalStateException.class);
    listener = RotationListener.SILENT;
    List<List<SecretVersion>> pending = pending(kind);
    hook("apply", "exit 1");
    assertThat(stopped(() -> rotations().abandon("DB_ADMIN_PW")))
        .hasMessageContaining("the hook ended with 1");
    assertThat(pending(kind)).isEqualTo(pending);
    hook("apply", "cat > applied.$ROTATION_DIRECTION");
    assertThat(rotations().abandon("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.ABANDONED);
    assertThat(folder.resolve("applied.back"))
        .content()
        .contains("\"new\":{\"DB_ADMIN_PW\":\"" + OLD);
    assertThat(pending(kind)).isNotEqualTo(pending);
    assertThat(held(PW)).isEqualTo(OLD);
  }

  /** Returns the versions of the names that keep the pending values. */
  private List<List<SecretVersion>> pending(Kind kind) {
    String ending = kind == Kind.STAGES ? "" : "-pending";
    return Stream.of(PW, URL).map(name -> store.secondClient().versions(name + ending)).toList();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void theValueInServiceIsNamedOnTheWayBack(Kind kind) {
    prepare(kind);
    rotations().rotate("DB_ADMIN_PW");
    failNext(serving(kind), PW, SecretException.Kind.UNAVAILABLE);
    RotationStopped first = stopped(() -> rotations().rollback("DB_ADMIN_PW"));
    assertThat(first.served()).isEqualTo(Served.NEW);
    assertThat(first).hasMessageEndingWith(" The new value is in service." + RESUME + ".");
    failNext(serving(kind), USER, SecretException.Kind.UNAVAILABLE);
    RotationStopped second = stopped(() -> rotations().resume("DB_ADMIN_PW"));
    assertThat(second.served()).isEqualTo(Served.OLD);
    assertThat(second).hasMessageEndingWith(" The old value is in service." + RESUME + ".");
    failNext(serving(kind), URL, SecretException.Kind.UNAVAILABLE);
    RotationStopped third = stopped(() -> rotations().resume("DB_ADMIN_PW"));
    assertThat(third.step()).isEqualTo(RotationStep.RENDER);
    assertThat(third.served()).isEqualTo(Served.OLD);
    assertThat(rotations().resume("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.ROLLED_BACK);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aValueOfSomebodyElseIsNamedOnTheWayBack(Kind kind) {
    prepare(kind);
    rotations().rotate("DB_ADMIN_PW");
    before(RotationStep.PROMOTE, () -> store.holding(PW, "by-hand"));
    RotationStopped stopped = stopped(() -> rotations().rollback("DB_ADMIN_PW"));
    assertThat(stopped.served()).isEqualTo(Served.OTHER);
    assertThat(stopped)
        .hasMessageEndingWith(
            " A value that another writer has set is in service. This rotation cannot finish:"
                + " abandon it with 'secrets rotate abandon DB_ADMIN_PW'.");
  }

  /** The old value was restored by the rotation itself, so what happens later closes nothing. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatSomebodyElseChangesAfterTheWayBackStays(Kind kind) {
    prepare(kind);
    rotations().rotate("DB_ADMIN_PW");
    failNext(serving(kind), URL, SecretException.Kind.UNAVAILABLE);
    assertThat(stopped(() -> rotations().rollback("DB_ADMIN_PW")).step())
        .isEqualTo(RotationStep.RENDER);
    store.holding(PW, "by-hand");
    assertThatThrownBy(() -> rotations().abandon("DB_ADMIN_PW"))
        .hasMessageContaining("Finish the rollback with");
    assertThat(rotations().resume("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(held(PW)).isEqualTo("by-hand");
    assertThat(held(URL)).isEqualTo("postgresql://app:by-hand@db:5432/ltc");
  }

  @ParameterizedTest
  @EnumSource(
      value = SecretException.Kind.class,
      names = {"DISABLED", "UNAVAILABLE"})
  void theWayBackIsOfferedUnlessItIsKnownToBeClosed(SecretException.Kind why) {
    use(Kind.NO_STAGES);
    hook("deploy", "exit 1");
    String both =
        RESUME + ", or bring the old one back with 'secrets rotate rollback DB_ADMIN_PW'.";
    assertThat(stoppedRotation()).hasMessageEndingWith(both);
    store.always(Op.FETCH_VERSION, URL, FakeStep.fail(why));
    assertThat(stopped(() -> rotations().resume("DB_ADMIN_PW")))
        .hasMessageEndingWith(why == SecretException.Kind.DISABLED ? RESUME + "." : both);
  }

  @Test
  void theLogNamesTheVersionsOfEachStep() {
    prepare(Kind.NO_STAGES);
    String old = version(PW);
    List<String> pending = new ArrayList<>();
    listener =
        (name, step, moment) -> {
          if (step == RotationStep.PENDING && moment == Moment.RECORDED) {
            pending.add(version(PW + "-pending"));
          }
        };
    rotations().rotate("DB_ADMIN_PW");
    String fresh = version(PW);
    rotations().rollback("DB_ADMIN_PW");
    String restored = version(PW);
    String kept = pending.get(0);
    assertThat(log().entries()).extracting(LogEntry::oldVersion).containsOnly(old);
    assertThat(log().entries())
        .extracting(LogEntry::newVersion)
        .containsExactly("", "", kept, fresh, fresh, fresh, restored, restored, restored);
    assertThat(restored).isNotEqualTo(fresh);
  }

  private String version(String name) {
    return store.secondClient().fetch(name).version();
  }

  // ---- the end

  @Test
  void theOldVersionsAreRetiredInReverse() {
    prepare(Kind.STAGES);
    List<String> retired = new ArrayList<>();
    for (String name : List.of(PW, USER, URL)) {
      store.always(Op.RETIRE, name, FakeStep.run(() -> retired.add(name)));
    }
    rotations().rotate("DB_ADMIN_PW", Duration.ZERO);
    assertThat(retired).containsExactly(URL, USER, PW);
  }

  @Test
  void aBackendThatRetiresNothingIsNoted() {
    prepare(Kind.STAGES);
    store.always(Op.RETIRE, URL, FakeStep.fail(SecretException.Kind.UNSUPPORTED));
    assertThat(rotations().rotate("DB_ADMIN_PW", Duration.ZERO).outcome())
        .isEqualTo(Outcome.FINISHED);
    assertThat(notes).contains("this backend accepts the old version until the next rotation");
    assertThat(store.calls(Op.RETIRE, PW)).isEqualTo(1);
  }

  @Test
  void aRetirementThatFailsIsRepeated() {
    prepare(Kind.STAGES);
    failNext(Op.RETIRE, USER, SecretException.Kind.ACCESS_DENIED);
    RotationStopped stopped = stopped(() -> rotations().rotate("DB_ADMIN_PW", Duration.ZERO));
    assertThat(stopped.step()).isEqualTo(RotationStep.RETIRE);
    assertThat(stopped.served()).isEqualTo(Served.NEW);
    assertThat(store.calls(Op.RETIRE, PW)).isZero();
    assertThat(rotations().resume("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.FINISHED);
    assertThat(store.calls(Op.RETIRE, PW)).isEqualTo(1);
  }

  @Test
  void whatWasRestoredByHandIsNamedBeforeTheRetirement() {
    prepare(Kind.STAGES);
    rotations().rotate("DB_ADMIN_PW");
    store.holding(PW, OLD);
    now = now.plus(Duration.ofHours(24));
    RotationStopped stopped = stopped(() -> rotations().resume("DB_ADMIN_PW"));
    assertThat(stopped.step()).isEqualTo(RotationStep.RETIRE);
    assertThat(stopped.served()).isEqualTo(Served.OLD);
    assertThat(stopped)
        .hasMessageEndingWith(
            " Roll back its templates too with 'secrets rotate rollback DB_ADMIN_PW'.");
    assertThat(store.calls(Op.RETIRE)).isZero();
  }

  /** The hook gets the old value, and a crash may have come after its retirement. */
  @Test
  void theHookIsNotCalledForAValueThatIsGone() {
    use(Kind.STAGES);
    hook("retire", "cat >> retired");
    rotations().rotate("DB_ADMIN_PW");
    store.always(Op.FETCH_VERSION, PW, FakeStep.fail(SecretException.Kind.VERSION_NOT_FOUND));
    RotationReport report = rotations().retire("DB_ADMIN_PW");
    assertThat(report.outcome()).isEqualTo(Outcome.FINISHED);
    assertThat(report.oldValue()).isEqualTo(RotationReport.OldValue.NOT_TRIED);
    assertThat(folder.resolve("retired")).doesNotExist();
    assertThat(notes)
        .contains("the old version can no longer be read, so the hook retire is not called again");
    store.recover();
    rotations().rotate("DB_ADMIN_PW");
    failNext(Op.FETCH, HOST, SecretException.Kind.UNAVAILABLE);
    assertThat(stopped(() -> rotations().retire("DB_ADMIN_PW")).step())
        .isEqualTo(RotationStep.RETIRE);
    assertThat(rotations().retire("DB_ADMIN_PW").oldValue())
        .isEqualTo(RotationReport.OldValue.REFUSED);
    assertThat(folder.resolve("retired")).exists();
  }
}
