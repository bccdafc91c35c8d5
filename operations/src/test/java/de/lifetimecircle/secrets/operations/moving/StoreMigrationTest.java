package de.lifetimecircle.secrets.operations.moving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.operations.journal.EarlierFiles;
import de.lifetimecircle.secrets.operations.moving.StoreMigration.Existing;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.testkit.FakeStore;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreMigrationTest {
  private static final List<String> NAMES = List.of("A", "B", "C");

  /** What a process does that is killed: it stops, and nothing of it runs any more. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  @TempDir Path folder;
  private FakeStore source = source();
  private FakeStore target = FakeStore.create();
  private final List<MigrationEvent> moved = new ArrayList<>();
  private Runnable whilePausing = () -> {};
  private int pauses;
  private int killAt = Integer.MAX_VALUE;

  private static FakeStore source() {
    FakeStore made = FakeStore.create();
    for (String value : List.of("a1", "a2", "a3", "a4")) {
      made.holding("A", value);
    }
    made.holding("B", "b1").holding("C", "c1").holding("C", "c2");
    Stores.pending(made, "C", "c3");
    return made;
  }

  private void breakpoint() {
    whilePausing.run();
    if (++pauses == killAt) {
      throw new Killed();
    }
  }

  private interface Work {
    void on(StoreMigration migration);
  }

  private void migrate(Work work) {
    try (SecretProvider from = Stores.reader(source);
        SecretWriter to = Stores.writer(target);
        StoreMigration migration =
            new StoreMigration(
                from,
                to,
                folder.resolve("journal"),
                Stores.RANDOM,
                InstantSource.system(),
                moved::add,
                this::breakpoint)) {
      work.on(migration);
    }
  }

  private void copyAll(Existing existing) {
    migrate(
        migration -> {
          if (!migration.isBegun()) {
            MigrationPlan plan = migration.plan(NAMES, existing);
            assertThat(plan.problems()).isEmpty();
            migration.begin(plan);
          }
          migration.copy();
          assertThat(migration.verify()).allMatch(r -> r.outcome() == ComparedSecret.Outcome.SAME);
          assertThat(migration.isFinished()).isTrue();
        });
  }

  private List<String> problems(Existing existing, String... names) {
    List<String> problems = new ArrayList<>();
    migrate(migration -> problems.addAll(migration.plan(List.of(names), existing).problems()));
    return problems;
  }

  @Test
  void copiesVersionsInTheirOrder() {
    copyAll(Existing.REFUSE);
    assertThat(Stores.values(target, "A")).containsExactly("a1", "a2", "a3", "a4");
    assertThat(Stores.staged(target, "A", Stage.PREVIOUS)).isEqualTo("a3");
    assertThat(Stores.values(target, "C")).containsExactly("c1", "c2", "[c3]");
    assertThat(moved).hasSize(8).allMatch(m -> m.type() == MigrationEvent.Type.COPIED);
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
                .contains("'C': its pending version is left out"));
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
        .containsExactly("'A': the target says: pending deletion");
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
    Stores.pending(source, "B", "next");
    target.retention(8).holding("B", "theirs"); // and two with a stage are ten
    migrate(
        migration ->
            assertThat(migration.plan(NAMES, Existing.REPLACE).notes())
                .containsExactly(
                    "'B': 6 older versions are left out, so that the target keeps the one that is"
                        + " replaced"));
    copyAll(Existing.REPLACE);
    assertThat(Stores.values(target, "B"))
        .containsExactly("theirs", "B6", "B7", "B8", "B9", "B10", "B11", "B12", "[next]");
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
          assertThatThrownBy(migration::copy)
              .isInstanceOfSatisfying(
                  SecretException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CONFLICT));
        });
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
    for (int i = 0; i < 2; i++) {
      migrate(
          migration ->
              assertThatThrownBy(migration::copy)
                  .isInstanceOfSatisfying(
                      SecretException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CONFLICT)));
    }
    migrate(StoreMigration::rollBack);
    assertThat(Stores.values(target, "B")).containsExactly("b1");
    assertThat(moved).extracting(MigrationEvent::type).containsExactly(MigrationEvent.Type.LEFT);
  }

  private void retirePrevious(FakeStore store, String name) {
    try (SecretProvider provider = Stores.reader(store);
        SecretWriter writer = Stores.writer(store)) {
      writer.retire(name, provider.get(name, VersionSelector.stage(Stage.PREVIOUS)).version());
    }
  }

  private static List<String> valid(FakeStore store, String name) {
    try (SecretProvider provider = Stores.reader(store)) {
      return provider.validVersions(name).stream().map(Secret::asString).toList();
    }
  }

  private void anotherPass() {
    migrate(
        migration -> {
          assertThat(migration.catchUp(NAMES, Existing.REPLACE)).isEmpty();
          migration.copy();
          assertThat(migration.verify()).allMatch(r -> r.outcome() == ComparedSecret.Outcome.SAME);
        });
  }

  /** It leaked, and verifiers of the new store would accept it again. */
  @Test
  void whatTheSourceHasRetiredIsNotValidInTheTarget() {
    retirePrevious(source, "A");
    migrate(
        migration ->
            assertThat(migration.plan(NAMES, Existing.REFUSE).notes())
                .singleElement()
                .asString()
                .contains("'A': its older versions are left out, since the source accepts none"));
    copyAll(Existing.REFUSE);
    assertThat(Stores.values(target, "A")).containsExactly("a4");
    assertThat(valid(target, "C")).contains("c1", "c2");
    retirePrevious(source, "C");
    anotherPass();
    assertThat(valid(target, "C")).as("copied as valid before").doesNotContain("c1");
    source.holding("A", "a5").holding("C", "c4");
    retirePrevious(source, "A");
    retirePrevious(source, "C");
    anotherPass();
    assertThat(valid(target, "A")).containsExactly("a5");
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

  /** Killed at each point, also where the target has made a copy current, as AWS does. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void retiresWhereverItWasKilled(boolean byCopy) throws IOException {
    boolean killed = true;
    int copies = 0;
    for (int at = 1; killed; at++) {
      source = source();
      begin(FakeStore::create, Integer.MAX_VALUE);
      copyAll(Existing.REPLACE);
      source.holding("A", "a5");
      retirePrevious(source, "A");
      pauses = 0;
      killAt = at;
      killed = isKilled(this::anotherPass);
      killAt = Integer.MAX_VALUE;
      String journal = Files.readString(folder.resolve("journal")).toUpperCase(Locale.ROOT);
      boolean copied = byCopy && journal.contains("RETIRING") && !journal.contains("RETIRED");
      if (copied) {
        target.holding("A", "between").holding("A", "a5");
        copies++;
      }
      migrate(StoreMigration::copy); // as the command does first
      if (!copied) { // else the version between would be a difference
        anotherPass();
      }
      assertThat(valid(target, "A")).as("killed at %s", at).containsOnly("a5");
      migrate(StoreMigration::rollBack);
      assertThat(target.secondClient().list("")).as("killed at %s", at).containsExactly("B");
    }
    assertThat(copies > 0).isEqualTo(byCopy);
  }

  /** Rotated and retired between the passes, so that the source has no version with that value. */
  @Test
  void anotherPassNeedsNoVersionThatTheSourceHasNoLonger() {
    copyAll(Existing.REFUSE);
    source.retention(0).holding("A", "a5").holding("A", "a6");
    migrate(
        migration -> {
          assertThat(migration.catchUp(NAMES, Existing.REFUSE)).isEmpty();
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
          assertThat(migration.catchUp(List.of("A", "C"), Existing.REFUSE)).isEmpty();
          migration.copy();
        });
    assertThat(Stores.staged(target, "A", Stage.CURRENT)).isEqualTo("a6");
    assertThat(Stores.values(target, "C")).containsExactly("c1", "c2", "[c3]");
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
          assertThat(migration.catchUp(List.of("B"), Existing.REFUSE)).isEmpty();
          migration.copy();
        });
    assertThat(Stores.staged(target, "B", Stage.CURRENT)).isEqualTo("b3");
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

  static Stream<Supplier<FakeStore>> targets() {
    return Stream.of(
        FakeStore::create,
        Stores::likeAzure,
        () -> Stores.without(Capability.STAGES),
        () -> Stores.without(Capability.PURGE, Capability.RESTORE),
        () -> Stores.without(Capability.PUT_IF_VERSION, Capability.REPEATABLE_PUT));
  }

  /** Killed at each point before and after each write of target and journal, then gone on with. */
  @ParameterizedTest
  @MethodSource("targets")
  void goesOnWhereverItWasKilled(Supplier<FakeStore> kind) throws IOException {
    List<String> whole = List.of("a1", "a2", "a3", "a4");
    int kills = 0;
    boolean killed = true;
    for (int at = 1; killed; at++) {
      begin(kind, at);
      killed = isKilled(() -> copyAll(Existing.REPLACE));
      kills += killed ? 1 : 0;
      killAt = Integer.MAX_VALUE;
      if (killed) {
        copyAll(Existing.REPLACE);
      }
      assertThat(Stores.values(target, "A")).as("killed at %s", at).isEqualTo(whole);
      assertThat(Stores.values(target, "B")).as("killed at %s", at).containsExactly("old", "b1");
      List<String> ofC = Stores.values(target, "C");
      assertThat(ofC.subList(0, 2)).as("killed at %s", at).containsExactly("c1", "c2");
    }
    assertThat(kills).isGreaterThan(40);
  }

  /** As above, but the copying is killed for good, and the rollback is killed as well. */
  @ParameterizedTest
  @MethodSource("targets")
  void rollsBackWhereverItWasKilled(Supplier<FakeStore> kind) throws IOException {
    for (int at = 3; at < 46; at += 9) {
      boolean killed = true;
      for (int undoAt = 1; killed; undoAt++) {
        begin(kind, at);
        assertThat(isKilled(() -> copyAll(Existing.REPLACE))).isTrue();
        pauses = 0;
        killAt = undoAt;
        killed = isKilled(() -> migrate(StoreMigration::rollBack));
        killAt = Integer.MAX_VALUE;
        if (killed) {
          migrate(StoreMigration::rollBack);
        }
        try (SecretProvider provider = Stores.reader(target)) {
          assertThat(provider.list("")).as("%s, then %s", at, undoAt).containsExactly("B");
          assertThat(provider.get("B").asString()).isEqualTo("old");
        }
        assertThat(moved).noneMatch(m -> m.type() == MigrationEvent.Type.LEFT);
      }
    }
  }

  private void begin(Supplier<FakeStore> kind, int killPoint) throws IOException {
    Files.deleteIfExists(folder.resolve("journal"));
    moved.clear();
    target = kind.get().holding("B", "old");
    pauses = 0;
    killAt = killPoint;
  }

  private static boolean isKilled(Runnable work) {
    try {
      work.run();
      return false;
    } catch (Killed e) {
      return true;
    }
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
          assertThat(migration.catchUp(names, Existing.REFUSE)).isEmpty();
          assertThat(migration.isFinished()).isFalse();
        });
    migrate(
        migration -> {
          migration.copy();
          assertThat(migration.verify()).allMatch(r -> r.outcome() == ComparedSecret.Outcome.SAME);
          assertThat(migration.catchUp(names, Existing.REFUSE)).isEmpty();
          assertThat(migration.isFinished()).isTrue();
        });
    assertThat(moved).extracting(MigrationEvent::name).containsExactly("A", "A", "D");
    assertThat(Stores.values(target, "A")).containsExactly("a1", "a2", "a3", "a4", "a5", "a6");
    assertThat(Stores.values(target, "D")).containsExactly("d1");
    target.holding("A", "by somebody else");
    source.holding("A", "a7");
    migrate(
        migration ->
            assertThat(migration.catchUp(names, Existing.REFUSE))
                .containsExactly(
                    "'A': another writer has written it in the target; to overwrite that, use"
                        + " --replace with another --journal"));
  }

  /** The first pass had nothing to copy, so the target's value is not this migration's. */
  @Test
  void aNameThatWasTheSameAtFirstIsReplacedOnlyIfAsked() {
    target.holding("B", "b1");
    copyAll(Existing.REFUSE);
    source.holding("B", "b2");
    migrate(
        migration ->
            assertThat(migration.catchUp(NAMES, Existing.REFUSE))
                .containsExactly("'B': the target has it with another value; see --replace"));
    migrate(
        migration -> {
          assertThat(migration.catchUp(NAMES, Existing.REPLACE)).isEmpty();
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
            assertThat(migration.catchUp(NAMES, Existing.REPLACE))
                .containsExactly("'B': the source has no version with the target's value"));
    assertThat(Stores.staged(target, "B", Stage.CURRENT)).isEqualTo("b2");
  }

  @Test
  void aRollbackAfterAnotherPassUndoesBoth() {
    copyAll(Existing.REFUSE);
    source.holding("A", "a5");
    migrate(migration -> assertThat(migration.catchUp(NAMES, Existing.REFUSE)).isEmpty());
    migrate(StoreMigration::rollBack);
    assertThat(target.secondClient().list("")).isEmpty();
  }

  /** Rotations on a backend without stages keep values under such names. */
  @Test
  void helpersOfRotationsAreNotSecretsOfTheService() {
    source
        .holding("A-pending", "{\"rotation\":\"none\",\"by\":\"\",\"value\":\"\"}")
        .holding("B-pending", "of a team")
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
    assertThat(problems(Existing.REFUSE, "C-pending"))
        .singleElement()
        .asString()
        .contains("a new value of the rotation 0011 is pending");
    try (SecretProvider one = Stores.reader(source);
        SecretProvider other = Stores.reader(target)) {
      assertThat(new StoreComparison(one, other, Stores.RANDOM).names("", name -> {}))
          .contains("A", "B-pending")
          .doesNotContain("A-pending");
    }
  }
}
