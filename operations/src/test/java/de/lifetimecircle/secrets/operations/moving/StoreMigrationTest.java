package de.lifetimecircle.secrets.operations.moving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.operations.journal.EarlierFiles;
import de.lifetimecircle.secrets.operations.moving.StoreMigration.Existing;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.FakeStore.Op;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoreMigrationTest extends MigrationFixture {
  @Test
  void copiesVersionsInTheirOrder() {
    copyAll(Existing.REFUSE);
    assertThat(Stores.values(target, "A")).containsExactly("a1", "a2", "a3", "a4");
    assertThat(Stores.staged(target, "A", Stage.PREVIOUS)).isEqualTo("a3");
    assertThat(Stores.values(target, "C"))
        .as("without the pending one")
        .containsExactly("c1", "c2");
    assertThat(moved).hasSize(7).allMatch(m -> m.type() == MigrationEvent.Type.COPIED);
  }

  @Test
  void aRollbackInTheSourceIsFollowed() {
    try (SecretWriter writer = Stores.writer(source)) {
      writer.rollback("A");
    }
    copyAll(Existing.REFUSE);
    assertThat(Stores.staged(target, "A", Stage.CURRENT)).isEqualTo("a3");
    assertThat(Stores.staged(target, "A", Stage.PREVIOUS)).isEqualTo("a4");
  }

  @Test
  void leavesOutWhatTheTargetCannotKeepAndSaysSo() {
    target = Stores.likeAzure();
    migrate(
        migration ->
            assertThat(migration.plan(NAMES, Existing.REFUSE).notes())
                .singleElement()
                .asString()
                .startsWith("'C': in the source, version ")
                .endsWith(" is pending; it is left out, and its rotation stays open"));
    copyAll(Existing.REFUSE);
    assertThat(Stores.values(target, "C")).containsExactly("c1", "c2");
  }

  @Test
  void tellsAllProblemsBeforeItWrites() {
    source.holding("EMPTY", "").holding("LARGE", "x".repeat(30_000)).holding("A/x", "1");
    source.holding("a", "twin");
    target.holding("B", "other").holding("C", "c1").holding("C", "c2");
    assertThat(problems(Existing.REFUSE, "A", "B", "EMPTY", "LARGE", "NONE", "a", "bad//name"))
        .hasSize(6)
        .anyMatch(p -> p.contains("'B': the target has it with another value; see --replace"))
        .anyMatch(p -> p.contains("'EMPTY': a version is empty"))
        .anyMatch(p -> p.contains("'LARGE': a version is larger") && !p.contains("30"))
        .anyMatch(p -> p.contains("'NONE': the source says: not found"))
        .anyMatch(p -> p.contains("'a': the target takes 'A' for the same name"))
        .anyMatch(p -> p.contains("'bad//name': the source says: bad name"));
    assertThat(target.calls(FakeStore.Op.PUT)).isZero();
    migrate(m -> assertThat(m.plan(List.of("C"), Existing.REFUSE).unchanged()).contains("C"));
    target = Stores.without(Capability.WRITE);
    assertThat(problems(Existing.REFUSE, "A")).contains("the target cannot be written to");
  }

  @Test
  void aDeletedNameOfTheTargetStandsAgainstIt() {
    target.holding("A", "old");
    try (SecretWriter writer = Stores.writer(target)) {
      writer.delete("A");
    }
    assertThat(problems(Existing.REPLACE, "A"))
        .containsExactly("'A': the target says: pending deletion; restore or purge it there first");
  }

  @Test
  void replacesOnlyIfAskedAndPutsBack() {
    target.holding("B", "theirs before").holding("B", "theirs");
    copyAll(Existing.REPLACE);
    assertThat(Stores.values(target, "B")).containsExactly("theirs before", "theirs", "b1");
    migrate(StoreMigration::rollBack);
    assertThat(Stores.staged(target, "B", Stage.CURRENT)).isEqualTo("theirs");
    try (SecretProvider provider = Stores.reader(target)) {
      assertThat(provider.list("")).containsExactly("B");
    }
  }

  private void fill(FakeStore store, String name, int versions) {
    for (int i = 1; i <= versions; i++) {
      store.holding(name, name + i);
    }
  }

  @Test
  void writesNoMoreOnTopThanEveryBackendKeepsBesides() {
    fill(source, "B", 12);
    target.retention(8).holding("B", "theirs"); // and two with a stage are ten
    migrate(
        migration ->
            assertThat(migration.plan(List.of("B"), Existing.REPLACE).notes())
                .containsExactly(
                    "'B': 5 older versions are left out, so that the target keeps the one that is"
                        + " replaced"));
    copyAll(Existing.REPLACE);
    assertThat(Stores.values(target, "B"))
        .containsExactly("theirs", "B5", "B6", "B7", "B8", "B9", "B10", "B11", "B12");
    migrate(StoreMigration::rollBack);
    assertThat(Stores.staged(target, "B", Stage.CURRENT)).isEqualTo("theirs");
  }

  @Test
  void aRollbackGoesOnWhereAnOldVersionIsGone() {
    target.retention(0).holding("B", "theirs");
    fill(source, "B", 4);
    copyAll(Existing.REPLACE);
    migrate(StoreMigration::rollBack);
    assertThat(Stores.staged(target, "B", Stage.CURRENT)).isEqualTo("B4");
    assertThat(moved)
        .filteredOn(m -> m.type() != MigrationEvent.Type.COPIED)
        .extracting(MigrationEvent::name, MigrationEvent::type, MigrationEvent::detail)
        .containsExactly(
            tuple("C", MigrationEvent.Type.REMOVED, ""),
            tuple("B", MigrationEvent.Type.LEFT, "the target no longer returns version v1"),
            tuple("A", MigrationEvent.Type.REMOVED, ""));
    moved.clear();
    migrate(StoreMigration::rollBack);
    assertThat(moved)
        .as("what a second call says, which may be the first that ends")
        .extracting(MigrationEvent::name, MigrationEvent::type)
        .containsExactly(tuple("B", MigrationEvent.Type.LEFT));
  }

  @Test
  void aTargetThatKeepsNoOldVersionIsNotSaidToBePutBack() {
    target = Stores.without(Capability.VERSIONS, Capability.STAGES).holding("B", "theirs");
    migrate(
        migration ->
            assertThat(migration.plan(List.of("B"), Existing.REPLACE).notes())
                .singleElement()
                .asString()
                .contains("'B': a rollback cannot put its value back"));
    copyAll(Existing.REPLACE);
    moved.clear();
    migrate(StoreMigration::rollBack);
    assertThat(moved)
        .extracting(MigrationEvent::name, MigrationEvent::type)
        .contains(tuple("B", MigrationEvent.Type.LEFT))
        .doesNotContain(tuple("B", MigrationEvent.Type.PUT_BACK));
  }

  @Test
  void addsOnlyWhatIsNewerWhereTheTargetHasAnOldVersion() {
    target.holding("A", "a1").holding("A", "a2");
    copyAll(Existing.REPLACE);
    assertThat(Stores.values(target, "A")).containsExactly("a1", "a2", "a3", "a4");
  }

  @Test
  void doesNotOverwriteWhoWritesMeanwhile() {
    migrate(
        migration -> {
          migration.begin(migration.plan(NAMES, Existing.REFUSE));
          target.holding("B", "somebody's");
          migration.copy();
        });
    assertThat(moved)
        .filteredOn(m -> m.type() == MigrationEvent.Type.LEFT)
        .extracting(MigrationEvent::name)
        .containsExactly("B");
    assertThat(Stores.values(target, "C")).as("after it").containsExactly("c1", "c2");
    moved.clear();
    assertThat(Stores.values(target, "B")).containsExactly("somebody's");
    migrate(StoreMigration::rollBack);
    assertThat(Stores.values(target, "B")).containsExactly("somebody's");
    assertThat(moved).filteredOn(m -> m.type() == MigrationEvent.Type.LEFT).hasSize(1);
  }

  /**
   * Nothing of it was written by this migration, so neither a repetition nor a rollback takes it.
   */
  @Test
  void anEqualValueOfAnotherWriterIsNotOurs() {
    migrate(migration -> migration.begin(migration.plan(List.of("B"), Existing.REFUSE)));
    target.holding("B", "b1");
    migrate(StoreMigration::copy);
    migrate(StoreMigration::copy);
    migrate(StoreMigration::rollBack);
    assertThat(Stores.values(target, "B")).containsExactly("b1");
    assertThat(moved)
        .hasSize(3)
        .extracting(MigrationEvent::type)
        .containsOnly(MigrationEvent.Type.LEFT);
  }

  /** A path of Vault has other fields, which a rollback would delete with it. */
  @Test
  void aNameThatTheTargetHasWithoutAValueIsNoNewOne() {
    target.holding("B", "of others").next(Op.FETCH, "B", FakeStep.fail(Kind.NOT_FOUND));
    assertThat(problems(Existing.REPLACE, "B"))
        .containsExactly(
            "'B': the target has it without a value, or without this field; purge it there first");
  }

  @Test
  void aVersionThatIsPrunedMeanwhileIsSkipped() {
    migrate(migration -> migration.begin(migration.plan(List.of("A"), Existing.REFUSE)));
    source.retention(1).holding("A", "a5").holding("A", "a6");
    migrate(StoreMigration::copy);
    assertThat(moved).filteredOn(m -> m.type() == MigrationEvent.Type.SKIPPED).hasSize(3);
    assertThat(Stores.values(target, "A")).containsExactly("a4");
  }

  @Test
  void refusesTheJournalOfOtherStores() {
    copyAll(Existing.REFUSE);
    try (SecretProvider from =
            SecretProvider.builder().store(source.secondClient()).set("prefix", "x/").build();
        SecretWriter to = Stores.writer(target)) {
      assertThatThrownBy(
              () ->
                  new StoreMigration(
                      from,
                      to,
                      folder.resolve("journal"),
                      Stores.RANDOM,
                      InstantSource.system(),
                      moved::add))
          .isInstanceOf(SecretException.class)
          .hasMessageContaining("other stores");
    }
  }

  @Test
  void refusesTheJournalOfAnEarlierVersion() throws IOException {
    Path journal = Files.move(EarlierFiles.copy("migration", folder), folder.resolve("journal"));
    String text = Files.readString(journal);
    assertThatThrownBy(() -> migrate(StoreMigration::copy))
        .isInstanceOfSatisfying(
            SecretException.class,
            e -> assertThat(e.kind()).isEqualTo(SecretException.Kind.CORRUPT))
        .hasMessageContaining("or another version wrote it")
        .hasMessageContaining("Name another one with --journal, or move this one away");
    assertThat(journal).hasContent(text);
  }

  @Test
  void theJournalAndAllThatIsToldShowNoValue() {
    try (LeakProbe probe = LeakProbe.start()) {
      source =
          FakeStore.create().holding("A", probe.canary("old")).holding("A", probe.canary("new"));
      source.holding("B", probe.canary("b")).holding("C", probe.canary("c"));
      copyAll(Existing.REFUSE);
      migrate(StoreMigration::rollBack);
      probe.look("told", moved).lookAtFiles(folder).assertClean();
    }
    assertThat(moved).isNotEmpty();
  }

  /** Rotations on a backend without stages keep values under such names. */
  @Test
  void helpersOfRotationsAreNotSecretsOfTheService() {
    source
        .holding("A-pending", "{\"rotation\":\"none\",\"by\":\"\",\"value\":\"\"}")
        .holding("B-pending", "{\"rotation\":\"none\",\"password\":\"of a team\"}")
        .holding("C-pending", "{\"rotation\":\"0011\",\"by\":\"anna\",\"value\":\"eA==\"}");
    migrate(
        migration -> {
          MigrationPlan plan =
              migration.plan(List.of("A", "A-pending", "B-pending"), Existing.REFUSE);
          assertThat(plan.problems()).isEmpty();
          assertThat(plan.items())
              .extracting(MigrationPlan.Item::name)
              .containsExactly("A", "B-pending");
        });
    rotating = StoreMigration.Rotating.REFUSE;
    assertThat(problems(Existing.REFUSE, "C-pending"))
        .singleElement()
        .asString()
        .contains("a new value of the rotation 0011 by anna ");
    try (SecretProvider one = Stores.reader(source);
        SecretProvider other = Stores.reader(target)) {
      assertThat(new StoreComparison(one, other, Stores.RANDOM).names("", name -> {}))
          .contains("A", "B-pending")
          .doesNotContain("A-pending");
    }
  }

  /** On Vault, an older version of a path may lack the field that the name stands for. */
  @Test
  void aVersionWithoutTheFieldIsLeftOut() {
    FakeStep read = FakeStep.proceed(); // of the current one, and of the previous
    source.next(Op.FETCH_VERSION, "A", read, read, FakeStep.fail(Kind.NOT_FOUND));
    migrate(
        migration -> {
          MigrationPlan plan = migration.plan(NAMES, Existing.REFUSE);
          assertThat(plan.problems()).isEmpty();
          migration.begin(plan);
          source.next(Op.FETCH_VERSION, "A", FakeStep.fail(Kind.NOT_FOUND));
          migration.copy();
        });
    assertThat(Stores.values(target, "A")).containsExactly("a2", "a3", "a4");
    assertThat(moved).extracting(MigrationEvent::type).contains(MigrationEvent.Type.SKIPPED);
  }

  /** Refused for good, so nothing of it is there, and an equal value is the administrator's. */
  @Test
  void whatAnAdministratorPutsAfterARefusalIsNotOurs() {
    migrate(migration -> migration.begin(migration.plan(List.of("B"), Existing.REFUSE)));
    target.next(Op.PUT, "B", FakeStep.fail(Kind.ACCESS_DENIED));
    migrate(StoreMigration::copy);
    target.holding("B", "b1");
    migrate(StoreMigration::copy);
    migrate(StoreMigration::rollBack);
    assertThat(Stores.values(target, "B")).containsExactly("b1");
    assertThat(moved).extracting(MigrationEvent::type).containsOnly(MigrationEvent.Type.LEFT);
  }

  /** It can still be restored, with what its writer put after the migration. */
  @Test
  void aRollbackPurgesNothing() {
    copyAll(Existing.REFUSE);
    target.holding("A", "of a service");
    try (SecretWriter writer = Stores.writer(target)) {
      writer.delete("A");
      moved.clear();
      migrate(StoreMigration::rollBack);
      writer.restore("A");
      writer.restore("B");
    }
    assertThat(Stores.staged(target, "A", Stage.CURRENT)).isEqualTo("of a service");
    assertThat(Stores.staged(target, "B", Stage.CURRENT)).isEqualTo("b1");
    assertThat(moved)
        .extracting(MigrationEvent::name, MigrationEvent::type)
        .containsExactly(
            tuple("C", MigrationEvent.Type.REMOVED),
            tuple("B", MigrationEvent.Type.REMOVED),
            tuple("A", MigrationEvent.Type.REMOVED));
  }

  /** A path of Vault whose current version was destroyed still has the others. */
  @Test
  void aNameWithoutACurrentValueIsNotSaidToBeGone() {
    copyAll(Existing.REFUSE);
    moved.clear();
    target.next(Op.FETCH, "B", FakeStep.fail(Kind.NOT_FOUND));
    migrate(StoreMigration::rollBack);
    assertThat(moved)
        .extracting(MigrationEvent::name, MigrationEvent::type)
        .contains(tuple("B", MigrationEvent.Type.LEFT));
    assertThat(Stores.values(target, "B")).containsExactly("b1");
  }

  /** A mistake would be for good there, and KV v1 deletes the other fields of a path as well. */
  @Test
  void aRollbackDeletesNothingThatCannotBeRestored() {
    target = Stores.without(Capability.PURGE, Capability.RESTORE);
    copyAll(Existing.REFUSE);
    moved.clear();
    migrate(StoreMigration::rollBack);
    assertThat(Stores.values(target, "B")).containsExactly("b1");
    assertThat(moved)
        .hasSize(3)
        .allMatch(m -> m.type() == MigrationEvent.Type.LEFT)
        .allMatch(m -> m.detail().contains("could not restore it"));
  }

  /** On AWS so says a put whose label could not be taken off: its value is current. */
  @Test
  void aRefusalAfterTheValueIsCurrentLeavesItOurs() {
    refuseAfterTheValueIsCurrent("B", "b1");
    migrate(
        migration -> {
          migration.begin(migration.plan(List.of("B"), Existing.REFUSE));
          migration.copy();
        });
    migrate(StoreMigration::rollBack);
    assertThat(target.secondClient().list("")).isEmpty();
  }

  @Test
  void aSecretThatTheSourceHasNoLongerIsLeft() {
    migrate(migration -> migration.begin(migration.plan(NAMES, Existing.REFUSE)));
    source.losing("A");
    migrate(StoreMigration::copy);
    assertThat(moved)
        .filteredOn(m -> m.type() == MigrationEvent.Type.LEFT)
        .extracting(MigrationEvent::name)
        .containsExactly("A");
    assertThat(Stores.values(target, "B")).containsExactly("b1");
  }

  /** A removal that was refused did not begin, so what others delete after it is theirs. */
  @Test
  void aRefusedRemovalIsNotFinishedWithTheValuesOfOthers() {
    copyAll(Existing.REFUSE);
    target.next(Op.DELETE, "A", FakeStep.fail(Kind.ACCESS_DENIED));
    migrate(StoreMigration::rollBack);
    target.holding("A", "of a service");
    try (SecretWriter writer = Stores.writer(target)) {
      writer.delete("A");
      migrate(StoreMigration::rollBack);
      writer.restore("A");
    }
    assertThat(Stores.staged(target, "A", Stage.CURRENT)).isEqualTo("of a service");
  }

  /** Nothing copies it, so it may be larger than the target allows. */
  @Test
  void aRetiredVersionIsNoObstacle() {
    source.holding("B", "x".repeat(30_000)).holding("B", "b3");
    retirePrevious(source, "B");
    assertThat(problems(Existing.REFUSE, "B")).isEmpty();
  }
}
