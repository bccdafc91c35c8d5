package de.lifetimecircle.secrets.operations.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.operations.rotation.RotationReport.Outcome;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a rotation does when it goes well, when a hook or the store fails, and when two begin. */
class RotationsTest extends RotationCase {
  private static final String PW = "prod/DB_ADMIN_PW";
  private static final String URL = "prod/DATABASE_URL";

  @ParameterizedTest
  @EnumSource(Kind.class)
  void servesANewValueAndItsTemplateAndRetiresTheOldOneAfterItsGrace(Kind kind) {
    use(kind);
    String old = held(PW);
    RotationReport report = rotations().rotate("DB_ADMIN_PW");
    assertThat(report.outcome()).isEqualTo(Outcome.WAITING);
    assertThat(report.retireAt()).contains(now.plus(Duration.ofHours(24)));
    assertThat(report.changes()).extracting(RotationReport.Changed::name).containsExactly(PW, URL);
    assertThat(held(PW)).matches("[0-9a-f]{32}").isNotEqualTo(old);
    assertThat(held(URL)).isEqualTo("postgresql://app:" + held(PW) + "@db:5432/ltc");
    assertThat(rotations().resume("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.WAITING);
    now = now.plus(Duration.ofHours(24));
    assertThat(rotations().resume("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.FINISHED);
    assertThat(rotations().open("DB_ADMIN_PW")).isEmpty();
    if (kind == Kind.STAGES) {
      assertThat(valid(PW)).doesNotContain(old);
    }
    assertThat(log().problems()).isEmpty();
    assertThat(log().entries())
        .extracting(LogEntry::event)
        .startsWith(LogEntry.Event.BEGUN)
        .endsWith(LogEntry.Event.DONE, LogEntry.Event.FINISHED);
    assertThat(rotations().rotate("DB_ADMIN_PW", Duration.ZERO).outcome())
        .isEqualTo(Outcome.FINISHED);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aFailedTestLeavesTheOldValueInServiceAndAppliesItAgain(Kind kind) throws IOException {
    use(kind);
    String old = held(PW);
    hook("apply", "cat >> applied");
    hook("test", "exit 3");
    RotationStopped stopped =
        catchThrowableOfType(RotationStopped.class, () -> rotations().rotate("DB_ADMIN_PW"));
    assertThat(stopped.served()).isEqualTo(RotationStopped.Served.OLD);
    assertThat(stopped.step()).isEqualTo(RotationStep.TEST);
    assertThat(stopped)
        .hasMessageContaining("the hook ended with 3")
        .hasMessageContaining("The old value was applied again")
        .hasMessageContaining("rotate abandon");
    assertThat(held(PW)).isEqualTo(old);
    List<String> applied = Files.readAllLines(folder.resolve("applied"));
    assertThat(applied).hasSize(2);
    assertThat(applied.get(1))
        .contains("\"direction\":\"back\"")
        .contains("\"new\":{\"DB_ADMIN_PW\":\"" + old);
    hook("test", "exit 0");
    assertThat(rotations().resume("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.WAITING);
    assertThat(Files.readAllLines(folder.resolve("applied"))).hasSize(3);
    assertThat(held(PW)).isNotEqualTo(old);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void abandonKeepsNothingPending(Kind kind) throws IOException {
    use(kind);
    String old = held(PW);
    hook("test", "exit 1");
    assertThatThrownBy(() -> rotations().rotate("DB_ADMIN_PW")).isInstanceOf(RotationStopped.class);
    assertThatThrownBy(() -> rotations().rollback("DB_ADMIN_PW"))
        .hasMessageContaining("abandon it with 'secrets rotate abandon DB_ADMIN_PW'");
    assertThat(rotations().abandon("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.ABANDONED);
    assertThat(held(PW)).isEqualTo(old);
    assertThat(valid(PW)).containsOnly(old);
    hook("test", "exit 0");
    assertThat(rotations().rotate("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.WAITING);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aFailedVerificationOffersTheWayBack(Kind kind) throws IOException {
    use(kind);
    String old = held(PW);
    String oldUrl = held(URL);
    hook("verify", "exit 1");
    RotationStopped stopped =
        catchThrowableOfType(RotationStopped.class, () -> rotations().rotate("DB_ADMIN_PW"));
    assertThat(stopped.served()).isEqualTo(RotationStopped.Served.NEW);
    assertThat(stopped).hasMessageContaining("rotate rollback");
    assertThat(held(PW)).isNotEqualTo(old);
    assertThatThrownBy(() -> rotations().abandon("DB_ADMIN_PW"))
        .hasMessageContaining("is in service");
    hook("verify", "exit 0");
    assertThat(rotations().rollback("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(held(PW)).isEqualTo(old);
    assertThat(held(URL)).isEqualTo(oldUrl);
  }

  @ParameterizedTest
  @ValueSource(strings = {"deploy", "verify"})
  void whatAHookWithoutValuesPrintsIsLookedThroughTheSame(String step) throws IOException {
    use(Kind.NO_STAGES);
    String old = held(PW);
    Files.writeString(folder.resolve("old"), old);
    hook(step, "echo up with; cat old; exit 1");
    RotationStopped stopped =
        catchThrowableOfType(RotationStopped.class, () -> rotations().rotate("DB_ADMIN_PW"));
    assertThat(stopped)
        .hasMessageContaining("step " + step + " failed: the hook printed a value")
        .hasMessageNotContaining(old);
    assertThat(log().entries()).noneMatch(entry -> entry.note().contains(old));
    Files.writeString(folder.resolve("old"), held(PW));
    assertThatThrownBy(() -> rotations().rollback("DB_ADMIN_PW"))
        .isInstanceOf(RotationStopped.class)
        .hasMessageContaining("the hook printed a value");
    // The old version need not be there for the rest.
    Files.writeString(folder.resolve("old"), "nothing");
    hook(step, "cat old");
    store.always(
        FakeStore.Op.FETCH_VERSION, PW, FakeStep.fail(SecretException.Kind.VERSION_NOT_FOUND));
    assertThat(rotations().resume("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.ROLLED_BACK);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aSecondOneIsRefused(Kind kind) throws IOException {
    use(kind);
    hook("test", "exit 1");
    assertThatThrownBy(() -> rotations().rotate("DB_ADMIN_PW")).isInstanceOf(RotationStopped.class);
    // With the same folder, with another one, and for another part of the same template.
    assertThatThrownBy(() -> rotations().rotate("DB_ADMIN_PW"))
        .isInstanceOfSatisfying(
            SecretException.class,
            e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.CONFLICT))
        .hasMessageContaining("begun by anna")
        .hasMessageContaining("rotate resume");
    journal = folder.resolve("elsewhere");
    assertThatThrownBy(() -> rotations().rotate("DB_ADMIN_PW"))
        .hasMessageContaining("is pending, and ")
        .hasMessageContaining("--journal");
    try (SecretValue host = SecretValue.of("db2")) {
      assertThatThrownBy(() -> rotations().rotateTo("DB_HOST", host))
          .hasMessageContaining("'" + URL + "'");
    }
  }

  @Test
  void aSecondProcessIsRefusedWhileTheFirstIsAtIt() {
    use(Kind.STAGES);
    listener =
        (name, step, moment) -> {
          if (step == RotationStep.TEST) {
            assertThatThrownBy(() -> rotations().resume("DB_ADMIN_PW"))
                .hasMessageContaining("another process is rotating or renaming it now (anna)");
          }
        };
    assertThat(rotations().rotate("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.WAITING);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void somebodyElsesChangeIsNotOverwritten(Kind kind) {
    use(kind);
    listener =
        (name, step, moment) -> {
          if (step == RotationStep.PROMOTE && moment == RotationListener.Moment.BEFORE) {
            store.holding(PW, "set-by-hand");
          }
        };
    RotationStopped stopped =
        catchThrowableOfType(RotationStopped.class, () -> rotations().rotate("DB_ADMIN_PW"));
    assertThat(stopped.served()).isEqualTo(RotationStopped.Served.OTHER);
    assertThat(stopped)
        .hasMessageContaining("another writer has changed it")
        .hasMessageEndingWith(
            " A value that another writer has set is in service. This rotation cannot finish:"
                + " abandon it with 'secrets rotate abandon DB_ADMIN_PW'.");
    assertThat(held(PW)).isEqualTo("set-by-hand");
    listener = RotationListener.SILENT;
    assertThatThrownBy(() -> rotations().resume("DB_ADMIN_PW"))
        .hasMessageContaining("abandon it with 'secrets rotate abandon DB_ADMIN_PW'");
    assertThat(rotations().abandon("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.ABANDONED);
    assertThat(notes).anyMatch(note -> note.contains("the served value stays"));
    assertThat(held(PW)).isEqualTo("set-by-hand");
    assertThat(rotations().rotate("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.WAITING);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void usersTakeTurns(Kind kind) throws IOException {
    use(kind);
    inventory("      alternate: {user: DB_USERNAME, users: [app, app_b]}\n");
    hook("apply", "cat > applied");
    rotations().rotate("DB_ADMIN_PW");
    assertThat(held("prod/DB_USERNAME")).isEqualTo("app_b");
    assertThat(held(URL)).startsWith("postgresql://app_b:" + held(PW) + "@");
    assertThat(Files.readString(folder.resolve("applied")))
        .contains("\"DB_USERNAME\":\"app_b\"")
        .contains("\"DB_USERNAME\":\"app\"");
    rotations().retire("DB_ADMIN_PW");
    rotations().rotate("DB_ADMIN_PW");
    assertThat(held("prod/DB_USERNAME")).isEqualTo("app");
    rotations().rollback("DB_ADMIN_PW");
    assertThat(held("prod/DB_USERNAME")).isEqualTo("app_b");
    assertThat(held(URL)).startsWith("postgresql://app_b:" + held(PW) + "@");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void noWayIsOfferedThatWouldBeRefused(Kind kind) {
    use(kind);
    listener =
        (name, step, moment) -> {
          if (step == RotationStep.RENDER && moment == RotationListener.Moment.BEFORE) {
            store.outage(FakeStep.fail(SecretException.Kind.UNAVAILABLE));
          }
        };
    String onlyOn =
        " The new value is in service. Resume with 'secrets rotate resume DB_ADMIN_PW'.";
    assertThatThrownBy(() -> rotations().rotate("DB_ADMIN_PW"))
        .isInstanceOf(RotationStopped.class)
        .hasMessageEndingWith(onlyOn);
    store.recover();
    listener = RotationListener.SILENT;
    assertThat(rotations().resume("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.WAITING);
    hook("retire", "exit 1");
    assertThatThrownBy(() -> rotations().retire("DB_ADMIN_PW"))
        .isInstanceOf(RotationStopped.class)
        .hasMessageEndingWith(onlyOn);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void theWayBackIsRefusedWhereItWouldNeverEnd(Kind kind) {
    use(kind);
    rotations().rotate("DB_ADMIN_PW");
    store.holding(PW, "set-by-hand");
    assertThatThrownBy(() -> rotations().rollback("DB_ADMIN_PW"))
        .isInstanceOfSatisfying(
            SecretException.class,
            e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.CONFLICT))
        .hasMessageContaining("another writer has changed '" + PW + "'")
        .hasMessageContaining("rotate abandon");
    now = now.plus(Duration.ofHours(24));
    hook("retire", "cat > retired");
    hook("apply", "cat > applied");
    for (Runnable way :
        List.<Runnable>of(
            () -> rotations().resume("DB_ADMIN_PW"), () -> rotations().rotate("DB_ADMIN_PW"))) {
      assertThatThrownBy(way::run)
          .isInstanceOf(RotationStopped.class)
          .hasMessageContaining("another writer has changed it")
          .hasMessageContaining("rotate abandon");
    }
    assertThat(folder.resolve("retired")).doesNotExist();
    assertThat(rotations().abandon("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.ABANDONED);
    assertThat(folder.resolve("applied")).content().contains("\"DB_ADMIN_PW\":\"set-by-hand\"");
    assertThat(held(PW)).isEqualTo("set-by-hand");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void theWayBackIsRefusedWhereTheOldVersionIsGone(Kind kind) {
    use(kind);
    rotations().rotate("DB_ADMIN_PW");
    String fresh = held(PW);
    store.always(FakeStore.Op.FETCH_VERSION, URL, FakeStep.fail(SecretException.Kind.DISABLED));
    assertThatThrownBy(() -> rotations().rollback("DB_ADMIN_PW"))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("the old version of '" + URL + "' can no longer be read");
    now = now.plus(Duration.ofHours(24));
    assertThat(rotations().resume("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.FINISHED);
    assertThat(held(PW)).isEqualTo(fresh);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aWayBackThatSomebodyElseHasClosedIsGivenUp(Kind kind) {
    use(kind);
    rotations().rotate("DB_ADMIN_PW");
    hook("test", "exit 1");
    assertThatThrownBy(() -> rotations().rollback("DB_ADMIN_PW"))
        .isInstanceOf(RotationStopped.class);
    assertThatThrownBy(() -> rotations().abandon("DB_ADMIN_PW"))
        .hasMessageContaining("is in service");
    hook("test", "exit 0");
    store.holding(PW, "set-by-hand");
    assertThatThrownBy(() -> rotations().resume("DB_ADMIN_PW"))
        .isInstanceOf(RotationStopped.class)
        .hasMessageContaining("another writer has changed it");
    assertThat(rotations().abandon("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.ABANDONED);
    assertThat(held(PW)).isEqualTo("set-by-hand");
    assertThat(rotations().rotate("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.WAITING);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aUserThatSomebodyElseHasChangedKeepsNoRotationOpen(Kind kind) {
    use(kind);
    inventory("      alternate: {user: DB_USERNAME, users: [app, app_b]}\n");
    listener =
        (name, step, moment) -> {
          if (step == RotationStep.PROMOTE && moment == RotationListener.Moment.BEFORE) {
            store.holding("prod/DB_USERNAME", "by-hand");
          }
        };
    String old = held(PW);
    assertThatThrownBy(() -> rotations().rotate("DB_ADMIN_PW")).isInstanceOf(RotationStopped.class);
    listener = RotationListener.SILENT;
    assertThatThrownBy(() -> rotations().resume("DB_ADMIN_PW"))
        .hasMessageContaining("'prod/DB_USERNAME': another writer has changed it");
    assertThat(rotations().abandon("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.ABANDONED);
    assertThat(rotations().open("DB_ADMIN_PW")).isEmpty();
    assertThat(held(PW)).isEqualTo(old);
    assertThat(held("prod/DB_USERNAME")).isEqualTo("by-hand");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatIsServedAgainLosesNoRight(Kind kind) {
    use(kind);
    hook("retire", "cat > retired");
    String old = held(PW);
    String oldUrl = held(URL);
    rotations().rotate("DB_ADMIN_PW");
    store.holding(PW, old);
    now = now.plus(Duration.ofHours(24));
    assertThatThrownBy(() -> rotations().resume("DB_ADMIN_PW"))
        .isInstanceOf(RotationStopped.class)
        .hasMessageContaining("another writer restored it without this rotation")
        .hasMessageContaining("rotate rollback");
    assertThat(folder.resolve("retired")).doesNotExist();
    assertThat(rotations().rollback("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(held(PW)).isEqualTo(old);
    assertThat(held(URL)).isEqualTo(oldUrl);
  }

  @Test
  void aUserThatTakesNoTurnIsRefused() {
    use(Kind.STAGES);
    inventory("      alternate: {user: DB_USERNAME, users: [x, y]}\n");
    assertThatThrownBy(() -> rotations().rotate("DB_ADMIN_PW"))
        .isInstanceOf(RotationStopped.class)
        .hasMessageContaining("not one of those that take turns");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aBackendThatDiesLeavesAWayOn(Kind kind) {
    use(kind);
    String old = held(PW);
    listener =
        (name, step, moment) -> {
          if (step == RotationStep.PROMOTE && moment == RotationListener.Moment.BEFORE) {
            store.outage(FakeStep.fail(SecretException.Kind.UNAVAILABLE));
          }
        };
    RotationStopped stopped =
        catchThrowableOfType(RotationStopped.class, () -> rotations().rotate("DB_ADMIN_PW"));
    assertThat(stopped.served()).isEqualTo(RotationStopped.Served.OLD);
    store.recover();
    assertThat(held(PW)).isEqualTo(old);
    listener = RotationListener.SILENT;
    assertThat(rotations().resume("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.WAITING);
  }

  @ParameterizedTest
  @ValueSource(strings = {"edited", "cut", "newer", "noise"})
  void aJournalThatCannotBeUsedIsRefusedWithAWayOn(String damage) throws IOException {
    use(Kind.NO_STAGES);
    String old = held(PW);
    hook("test", "exit 1");
    assertThatThrownBy(() -> rotations().rotate("DB_ADMIN_PW")).isInstanceOf(RotationStopped.class);
    Path file = journal.resolve("prod.DB_ADMIN_PW.rotation.json");
    String text = Files.readString(file);
    String damaged =
        switch (damage) {
          case "edited" -> text.replace("\"PENDING\"", "\"PENDING\",\"APPLY\",\"TEST\"");
          case "cut" -> text.substring(0, text.length() / 2);
          case "newer" -> text.replace("\"version\":1", "\"version\":2");
          default -> "x";
        };
    Files.writeString(file, damaged);
    assertThatThrownBy(() -> rotations().resume("DB_ADMIN_PW"))
        .isInstanceOfSatisfying(
            SecretException.class,
            e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.CORRUPT))
        .hasMessageContaining("rotate abandon");
    assertThat(rotations().due())
        .singleElement()
        .satisfies(due -> assertThat(due.state()).isEqualTo(DueSecret.State.OPEN))
        .satisfies(due -> assertThat(due.detail()).contains("cannot be used"));
    assertThatThrownBy(() -> rotations().abandon("DB_ADMIN_PW"))
        .hasMessageContaining("its journal cannot be used")
        .hasMessageContaining("'secrets rotate abandon DB_ADMIN_PW --hooks-ended'");
    confirmed().abandon("DB_ADMIN_PW");
    assertThat(journal.resolve("prod.DB_ADMIN_PW.rotation.json.unusable")).hasContent(damaged);
    assertThat(held(PW)).isEqualTo(old);
    hook("test", "exit 0");
    assertThat(rotations().rotate("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.WAITING);
  }

  @Test
  void aLostJournalLeavesAWayOn() throws IOException {
    use(Kind.NO_STAGES);
    hook("test", "exit 1");
    assertThatThrownBy(() -> rotations().rotate("DB_ADMIN_PW")).isInstanceOf(RotationStopped.class);
    Files.delete(journal.resolve("prod.DB_ADMIN_PW.rotation.json"));
    assertThatThrownBy(() -> rotations().resume("DB_ADMIN_PW"))
        .hasMessageContaining("no rotation of it is open");
    hook("apply", "cat > applied");
    assertThatThrownBy(() -> rotations().abandon("DB_ADMIN_PW"))
        .isInstanceOfSatisfying(
            SecretException.class,
            e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.CONFLICT))
        .hasMessageContaining("nothing tells whether its hook 'apply' still runs")
        .hasMessageContaining("'secrets rotate abandon DB_ADMIN_PW --hooks-ended'");
    assertThat(folder.resolve("applied")).doesNotExist();
    assertThat(confirmed().abandon("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.ABANDONED);
    assertThat(folder.resolve("applied"))
        .content()
        .contains("\"new\":{\"DB_ADMIN_PW\":\"" + held(PW));
    assertThatThrownBy(() -> confirmed().abandon("DB_ADMIN_PW"))
        .hasMessageContaining("no rotation of it is open");
    hook("test", "exit 0");
    assertThat(rotations().rotate("DB_ADMIN_PW").outcome()).isEqualTo(Outcome.WAITING);
  }

  @Test
  void aClockThatWasSetBackIsNoticedAndChangesNoOrder() {
    use(Kind.STAGES);
    rotations().rotate("DB_ADMIN_PW");
    now = now.minus(Duration.ofDays(3));
    rotations().retire("DB_ADMIN_PW");
    assertThat(notes).anyMatch(note -> note.contains("the clock is behind"));
    assertThat(log().problems()).isEmpty();
    assertThat(log().entries()).extracting(LogEntry::sequence).isSorted();
    assertThat(log().entries()).anyMatch(e -> e.note().contains("the clock is behind"));
  }

  @Test
  void whatNothingMakesIsBroughtAndWhatIsMadeOfOthersIsNot() {
    use(Kind.STAGES);
    assertThatThrownBy(() -> rotations().rotate("DB_HOST")).hasMessageContaining("--from-stdin");
    assertThatThrownBy(() -> rotations().rotate("DATABASE_URL"))
        .hasMessageContaining("Rotate its parts");
    assertThatThrownBy(() -> rotations().rotate("DB_HOTS")).hasMessageContaining("DB_HOST");
    try (SecretValue host = SecretValue.of("db2")) {
      rotations().rotateTo("DB_HOST", host);
    }
    assertThat(held(URL)).contains("@db2:5432/");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void theValueThatIsServedIsNoNewOne(Kind kind) {
    use(kind);
    try (SecretValue same = SecretValue.of(held(PW))) {
      assertThatThrownBy(() -> rotations().rotateTo("DB_ADMIN_PW", same))
          .isInstanceOfSatisfying(
              SecretException.class,
              e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.INVALID_VALUE))
          .hasMessageContaining("is the one in service")
          .hasMessageNotContaining(held(PW));
    }
    assertThat(rotations().open("DB_ADMIN_PW")).isEmpty();
    assertThat(store.calls(FakeStore.Op.PUT)).isZero();
  }

  @Test
  void aBackendWithoutVersionsIsRefused() {
    store = FakeStore.with(Capability.WRITE, Capability.LIST, Capability.DELETE);
    fill();
    assertThatThrownBy(() -> rotations().rotate("DB_ADMIN_PW"))
        .hasMessageContaining("keeps no versions");
  }
}
