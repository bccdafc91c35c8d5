package de.lifetimecircle.secrets.operations.moving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.operations.moving.StoreMigration.Existing;
import de.lifetimecircle.secrets.operations.moving.StoreMigration.Rotating;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Migrating again with the same journal, after the source has changed. */
class MigrationPassesTest extends MigrationFixture {
  /** It leaked, and verifiers of the new store would accept it again. */
  @Test
  void whatTheSourceHasRetiredIsNotValidInTheTarget() {
    retirePrevious(source, "A");
    migrate(
        migration ->
            assertThat(migration.plan(List.of("A"), Existing.REFUSE).notes())
                .singleElement()
                .asString()
                .contains("'A': its older versions are left out, since the source accepts none"));
    copyAll(Existing.REFUSE);
    assertThat(Stores.values(target, "A")).containsExactly("a4");
    assertThat(valid(target, "C")).contains("c1", "c2");
    retirePrevious(source, "C");
    anotherPass();
    assertThat(valid(target, "C")).as("copied as valid before").doesNotContain("c1");
    source.holding("A", "a5").holding("A", "a6").holding("C", "c4");
    retirePrevious(source, "A");
    retirePrevious(source, "C");
    anotherPass();
    anotherPass();
    assertThat(valid(target, "A")).containsExactly("a6");
    assertThat(valid(target, "C")).contains("c4").doesNotContain("c1", "c2");
    assertThat(moved)
        .filteredOn(m -> m.type() == MigrationEvent.Type.RETIRED)
        .extracting(MigrationEvent::name)
        .containsExactly("C", "A", "C");
  }

  /** Most stores retire all older versions with it, and a rollback needs the replaced one. */
  @Test
  void nothingIsRetiredWhereTheTargetHadTheNameBefore() {
    target.holding("A", "theirs");
    retirePrevious(source, "A");
    copyAll(Existing.REPLACE);
    assertThat(Stores.values(target, "A")).containsExactly("theirs", "a4");
    source.holding("A", "a5");
    retirePrevious(source, "A");
    anotherPass();
    assertThat(moved)
        .filteredOn(m -> m.type() == MigrationEvent.Type.LEFT)
        .singleElement()
        .satisfies(m -> assertThat(m.detail()).contains("stays valid, though the source"));
    migrate(StoreMigration::rollBack);
    assertThat(Stores.staged(target, "A", Stage.CURRENT)).isEqualTo("theirs");
  }

  /** Served there between two versions of ours, so it is the previous one, and in use. */
  @Test
  void theValueOfAnotherWriterIsNotRetired() {
    copyAll(Existing.REFUSE);
    target.holding("A", "of a service");
    try (SecretWriter writer = Stores.writer(target)) {
      writer.rollback("A");
    }
    migrate(StoreMigration::copy);
    assertThat(valid(target, "A")).containsExactly("a4", "of a service");
    moved.clear();
    migrate(StoreMigration::rollBack);
    assertThat(valid(target, "A")).containsExactly("a4", "of a service");
    assertThat(moved)
        .filteredOn(m -> m.type() == MigrationEvent.Type.LEFT)
        .extracting(MigrationEvent::name, MigrationEvent::detail)
        .containsExactly(
            tuple("A", "another writer, or an interrupted write, has put a version of it"));
  }

  @Test
  void aNameThatFailsAloneStopsNoOther() {
    target.next(Op.PUT, "A", FakeStep.fail(Kind.ACCESS_DENIED));
    migrate(
        migration -> {
          migration.begin(migration.plan(NAMES, Existing.REFUSE));
          migration.copy();
        });
    assertThat(moved)
        .filteredOn(m -> m.type() == MigrationEvent.Type.LEFT)
        .extracting(MigrationEvent::name)
        .containsExactly("A");
    assertThat(Stores.values(target, "B")).containsExactly("b1");
    migrate(StoreMigration::copy);
    assertThat(Stores.values(target, "A")).containsExactly("a1", "a2", "a3", "a4");
    try (SecretWriter writer = Stores.writer(target)) {
      writer.delete("A");
    }
    source.holding("D", "d1");
    migrate(
        migration -> {
          MigrationPlan plan = migration.catchUp(List.of("A", "D"), Existing.REFUSE);
          assertThat(plan.problems()).singleElement().asString().startsWith("'A': ");
          migration.copy();
        });
    assertThat(Stores.values(target, "D")).containsExactly("d1");
    moved.clear();
    target.next(Op.DELETE, "D", FakeStep.fail(Kind.ACCESS_DENIED));
    migrate(StoreMigration::rollBack);
    assertThat(target.secondClient().list("")).containsExactly("D");
    assertThat(moved).extracting(MigrationEvent::type).contains(MigrationEvent.Type.LEFT);
    migrate(StoreMigration::rollBack);
    assertThat(target.secondClient().list("")).isEmpty();
  }

  @Test
  void whoWritesWhileAVersionIsRetiredIsNotUs() {
    copyAll(Existing.REFUSE);
    retirePrevious(source, "A");
    pauses = 0;
    whilePausing = () -> target.holding("A", "of a service");
    migrate(StoreMigration::copy);
    assertThat(Stores.staged(target, "A", Stage.CURRENT)).isEqualTo("of a service");
    migrate(StoreMigration::rollBack);
    assertThat(Stores.staged(target, "A", Stage.CURRENT)).isEqualTo("of a service");
  }

  /** Rotated and retired between the passes, so that the source has no version with that value. */
  @Test
  void anotherPassNeedsNoVersionThatTheSourceHasNoLonger() {
    copyAll(Existing.REFUSE);
    source.retention(0).holding("A", "a5").holding("A", "a6");
    migrate(
        migration -> {
          assertThat(migration.catchUp(NAMES, Existing.REFUSE).problems()).isEmpty();
          migration.copy();
          assertThat(migration.verify()).allMatch(r -> r.outcome() == ComparedSecret.Outcome.SAME);
        });
    assertThat(Stores.staged(target, "A", Stage.CURRENT)).isEqualTo("a6");
  }

  @Test
  void aVersionThatIsGoneOrASecretThatIsDeletedStopsNoOther() {
    migrate(migration -> migration.begin(migration.plan(NAMES, Existing.REFUSE)));
    source.retention(0).holding("A", "a5").holding("A", "a6");
    try (SecretWriter writer = Stores.writer(source)) {
      writer.delete("B");
    }
    migrate(
        migration -> {
          migration.copy();
          assertThat(migration.catchUp(List.of("A", "C"), Existing.REFUSE).problems()).isEmpty();
          migration.copy();
        });
    assertThat(Stores.staged(target, "A", Stage.CURRENT)).isEqualTo("a6");
    assertThat(Stores.values(target, "C")).containsExactly("c1", "c2");
    assertThat(moved)
        .filteredOn(m -> m.type() == MigrationEvent.Type.LEFT)
        .extracting(MigrationEvent::name)
        .containsExactly("B");
  }

  /** Nothing was written, so nothing is taken for another writer's, and nothing is undone. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSecretOfWhichEveryPlannedVersionIsGone(boolean replaced) throws IOException {
    if (replaced) {
      target.holding("B", "theirs");
    }
    List<String> before = target.secondClient().list("");
    migrate(migration -> migration.begin(migration.plan(List.of("B"), Existing.REPLACE)));
    source.retention(0).holding("B", "b2").holding("B", "b3");
    migrate(StoreMigration::copy);
    Path journal = folder.resolve("journal");
    Path copy = folder.resolve("kept");
    Files.copy(journal, copy);
    migrate(StoreMigration::rollBack);
    assertThat(target.secondClient().list("")).isEqualTo(before);
    assertThat(moved).extracting(MigrationEvent::type).containsOnly(MigrationEvent.Type.SKIPPED);
    Files.move(copy, journal, StandardCopyOption.REPLACE_EXISTING);
    migrate(
        migration -> {
          assertThat(migration.catchUp(List.of("B"), Existing.REFUSE).problems()).isEmpty();
          migration.copy();
        });
    assertThat(Stores.staged(target, "B", Stage.CURRENT)).isEqualTo("b3");
  }

  /** A store that is written while it is copied: another pass copies what is new, and only that. */
  @Test
  void anotherPassCopiesWhatIsNew() {
    copyAll(Existing.REFUSE);
    source.holding("A", "a5").holding("A", "a6").holding("D", "d1");
    List<String> names = List.of("A", "B", "C", "D");
    moved.clear();
    migrate(
        migration -> {
          assertThat(migration.isCopied()).isTrue();
          assertThat(migration.catchUp(names, Existing.REFUSE).problems()).isEmpty();
          assertThat(migration.isFinished()).isFalse();
        });
    migrate(
        migration -> {
          migration.copy();
          assertThat(migration.verify()).allMatch(r -> r.outcome() == ComparedSecret.Outcome.SAME);
          assertThat(migration.catchUp(names, Existing.REFUSE).problems()).isEmpty();
          assertThat(migration.isFinished()).isTrue();
        });
    assertThat(moved).extracting(MigrationEvent::name).containsExactly("A", "A", "D");
    assertThat(Stores.values(target, "A")).containsExactly("a1", "a2", "a3", "a4", "a5", "a6");
    assertThat(Stores.values(target, "D")).containsExactly("d1");
    target.holding("A", "by somebody else");
    source.holding("A", "a7");
    migrate(
        migration ->
            assertThat(migration.catchUp(names, Existing.REFUSE).problems())
                .containsExactly(
                    "'A': another writer has written or deleted it in the target; to overwrite that,"
                        + " use --replace with another --journal"));
  }

  /** The first pass had nothing to copy, so the target's value is not this migration's. */
  @Test
  void aNameThatWasTheSameAtFirstIsReplacedOnlyIfAsked() {
    target.holding("B", "b1");
    copyAll(Existing.REFUSE);
    source.holding("B", "b2");
    migrate(
        migration ->
            assertThat(migration.catchUp(NAMES, Existing.REFUSE).problems())
                .containsExactly("'B': the target has it with another value; see --replace"));
    migrate(
        migration -> {
          assertThat(migration.catchUp(NAMES, Existing.REPLACE).problems()).isEmpty();
          migration.copy();
          assertThat(migration.verify()).allMatch(r -> r.outcome() == ComparedSecret.Outcome.SAME);
        });
    assertThat(Stores.values(target, "B")).containsExactly("b1", "b2");
    migrate(StoreMigration::rollBack);
    assertThat(Stores.staged(target, "B", Stage.CURRENT)).isEqualTo("b1");
  }

  /** A value that the source never had came from somebody else, after the services moved. */
  @Test
  void aValueThatTheSourceNeverHadIsNotReplacedByAnotherPass() {
    target.holding("B", "b1");
    copyAll(Existing.REFUSE);
    target.holding("B", "b2");
    migrate(
        migration ->
            assertThat(migration.catchUp(NAMES, Existing.REPLACE).problems())
                .containsExactly("'B': the source has no version with the target's value"));
    assertThat(Stores.staged(target, "B", Stage.CURRENT)).isEqualTo("b2");
  }

  @Test
  void aRollbackAfterAnotherPassUndoesBoth() {
    copyAll(Existing.REFUSE);
    source.holding("A", "a5");
    migrate(
        migration -> assertThat(migration.catchUp(NAMES, Existing.REFUSE).problems()).isEmpty());
    migrate(StoreMigration::rollBack);
    assertThat(target.secondClient().list("")).isEmpty();
  }

  /** Every backend keeps ten: the replaced one, those of all passes, and that of a rollback. */
  @Test
  void moreAndMorePassesNeverDropTheReplacedVersion() {
    target.retention(8).holding("B", "theirs");
    copyAll(Existing.REPLACE);
    List<String> problems = List.of();
    for (int i = 2; problems.isEmpty() && i < 20; i++) {
      source.holding("B", "b" + i);
      List<String> found = new ArrayList<>();
      migrate(
          migration -> {
            found.addAll(migration.catchUp(NAMES, Existing.REPLACE).problems());
            migration.copy();
          });
      problems = found;
    }
    assertThat(problems)
        .singleElement()
        .asString()
        .contains("would drop the value that this migration replaced");
    assertThat(Stores.staged(target, "B", Stage.CURRENT)).isEqualTo("b8");
    migrate(StoreMigration::rollBack);
    assertThat(Stores.staged(target, "B", Stage.CURRENT)).isEqualTo("theirs");
  }

  /** Without a replaced version there is nothing to keep. */
  @Test
  void manyNewVersionsAreCopiedWhereNothingWasReplaced() {
    copyAll(Existing.REFUSE);
    for (int i = 2; i < 14; i++) {
      source.holding("B", "b" + i);
    }
    anotherPass();
    assertThat(Stores.values(target, "B")).hasSize(13);
  }

  /** A database may have it already. */
  @Test
  void thePendingVersionOfARotationInTheTargetStays() {
    target.holding("A", "theirs");
    Stores.pending(target, "A", "theirs, new");
    copyAll(Existing.REPLACE);
    Stores.pending(target, "B", "b2");
    source.holding("A", "a5").holding("B", "b3");
    anotherPass();
    assertThat(Stores.values(target, "A")).contains("a5", "[theirs, new]");
    assertThat(Stores.values(target, "B")).contains("b3", "[b2]");
    migrate(StoreMigration::rollBack);
    assertThat(Stores.values(target, "A")).contains("[theirs, new]");
    assertThat(Stores.values(target, "B")).contains("[b2]");
  }

  /** Vault counts from 1 again after a purge, so the id of another writer's version may be ours. */
  @Test
  void aVersionOfAnotherWriterWithOurIdIsNotOurs() {
    copyAll(Existing.REFUSE);
    target.losing("B").holding("B", "of a service");
    migrate(
        migration -> {
          assertThat(migration.catchUp(NAMES, Existing.REPLACE).problems())
              .singleElement()
              .asString()
              .startsWith("'B': another writer has written or deleted it in the target");
          migration.copy();
        });
    migrate(StoreMigration::rollBack);
    assertThat(Stores.values(target, "B")).containsExactly("of a service");
  }

  /** Nothing can tell whose value it is, so neither a copy nor a rollback takes it. */
  @Test
  void aWriteInDoubtIsLeftIfTheSourceHasItsVersionNoLonger() {
    migrate(migration -> migration.begin(migration.plan(List.of("B"), Existing.REFUSE)));
    refuseAfterTheValueIsCurrent("B", "b1");
    migrate(StoreMigration::copy);
    source.retention(0).holding("B", "b2").holding("B", "b3");
    migrate(StoreMigration::copy);
    migrate(StoreMigration::rollBack);
    assertThat(Stores.values(target, "B")).containsExactly("b1");
    assertThat(moved).extracting(MigrationEvent::type).containsOnly(MigrationEvent.Type.LEFT);
  }

  /** Verifiers of the source accept it besides the current one. */
  @Test
  void anotherPreviousVersionIsADifferenceAlsoAfterOneNewVersion() {
    copyAll(Existing.REFUSE);
    source.holding("A", "a5");
    anotherPass();
    source.holding("A", "a6");
    try (SecretWriter writer = Stores.writer(source)) {
      writer.rollback("A");
    }
    migrate(
        migration -> {
          assertThat(migration.catchUp(NAMES, Existing.REFUSE).problems())
              .singleElement()
              .asString()
              .startsWith("'A': its older versions differ, and no newer one is left to copy");
          migration.copy();
          assertThat(migration.verify())
              .extracting(ComparedSecret::outcome)
              .contains(ComparedSecret.Outcome.DIFFERS);
        });
  }

  /** As KV v1, which returns the current version only. */
  @Test
  void aSourceThatKeepsNoVersionsIsFollowed() {
    source = Stores.without(Capability.VERSIONS, Capability.STAGES).holding("B", "b1");
    source.holding("A", "a1").holding("C", "c1");
    copyAll(Existing.REFUSE);
    source.holding("B", "b2");
    anotherPass();
    assertThat(Stores.staged(target, "B", Stage.CURRENT)).isEqualTo("b2");
    source.holding("B", "b3");
    migrate(StoreMigration::rollBack);
    assertThat(target.secondClient().list("")).isEmpty();
  }

  /** Each belongs to a rotation of its own store. */
  @Test
  void twoPendingVersionsAreNoDifference() {
    copyAll(Existing.REFUSE);
    Stores.pending(target, "C", "of the target");
    anotherPass();
    migrate(
        migration ->
            assertThat(migration.plan(List.of("C"), Existing.REFUSE).unchanged())
                .containsExactly("C"));
  }

  /** The machine may have no journals of rotations, and the command may name only some secrets. */
  @Test
  void anOpenRotationIsFoundBesideTheNamesThatWereGiven() {
    rotating = Rotating.REFUSE;
    source = likeAzure();
    source.holding("B-pending", document("0011"));
    assertThat(problems(Existing.REFUSE, "B")).singleElement().asString().contains("rotation 0011");
    assertThat(problems(Existing.REFUSE, "B", "B-pending")).as("once").hasSize(1);
    source.holding("B-pending", document("none"));
    copyAll(Existing.REFUSE);
    source.holding("B-pending", document("0022"));
    migrate(this::findsTheRotation);
    source.holding("B", "b2");
    migrate(this::findsTheRotation);
    assertThat(Stores.values(target, "B")).containsExactly("b1");
    source.holding("B-pending", document("none"));
    anotherPass();
    assertThat(Stores.values(target, "B")).containsExactly("b1", "b2");
  }

  /** Else a rotation of either store would end with a value that nobody serves. */
  @Test
  void aPendingVersionIsAnObstacleInEitherStore() {
    rotating = Rotating.REFUSE;
    assertThat(problems(Existing.REFUSE, NAMES.toArray(new String[0])))
        .singleElement()
        .asString()
        .matches("'C': in the source, version v8 .* is pending\\. Finish that .* add --force");
    target.holding("A", "theirs");
    Stores.pending(target, "A", "theirs, new");
    assertThat(problems(Existing.REPLACE, "A"))
        .singleElement()
        .asString()
        .startsWith("'A': in the target, version ");
    rotating = Rotating.COPY;
    copyAll(Existing.REPLACE);
    rotating = Rotating.REFUSE;
    migrate(StoreMigration::rollBack);
    assertThat(moved).extracting(MigrationEvent::type).contains(MigrationEvent.Type.LEFT);
    assertThat(Stores.values(target, "A")).contains("a4", "[theirs, new]");
  }

  private void findsTheRotation(StoreMigration migration) {
    assertThat(migration.catchUp(NAMES, Existing.REPLACE).problems())
        .singleElement()
        .asString()
        .startsWith("'B': in the source, a new value of the rotation 0022 by anna (stored at 20")
        .contains(") is pending in 'B-pending'. Finish that rotation");
    migration.copy();
  }

  /** A login may be narrow, and a long name leaves no room for a pending one. */
  @Test
  void aPendingNameThatCannotBeReadIsNoObstacle() {
    for (Kind kind : List.of(Kind.BAD_NAME, Kind.PENDING_DELETION, Kind.ACCESS_DENIED)) {
      source = likeAzure();
      source.next(Op.FETCH, "B-pending", FakeStep.fail(kind));
      migrate(
          migration -> {
            MigrationPlan plan = migration.plan(List.of("B"), Existing.REFUSE);
            assertThat(plan.problems()).isEmpty();
            assertThat(plan.notes()).hasSize(kind == Kind.ACCESS_DENIED ? 1 : 0);
          });
    }
  }

  private static FakeStore likeAzure() {
    return Stores.likeAzure().holding("A", "a1").holding("B", "b1").holding("C", "c1");
  }

  private static String document(String rotation) {
    return "{\"rotation\":\"" + rotation + "\",\"by\":\"anna\",\"value\":\"eA==\"}";
  }
}
