package de.lifetimecircle.secrets.operations.moving;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.operations.moving.StoreMigration.Existing;
import de.lifetimecircle.secrets.spi.Capability;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KilledMigrationTest extends MigrationFixture {
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
      assertThat(valid(target, "A"))
          .as("killed at %s", at)
          .contains("a5")
          .doesNotContain("a1", "a2", "a3", "a4");
      migrate(StoreMigration::rollBack);
      List<String> stay =
          copied ? List.of("A", "B") : List.of("B"); // "between" is another writer's
      assertThat(target.secondClient().list("")).as("killed at %s", at).isEqualTo(stay);
    }
    assertThat(copies > 0).isEqualTo(byCopy);
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

  static Stream<Supplier<FakeStore>> restoring() {
    return targets().filter(kind -> kind.get().capabilities().contains(Capability.RESTORE));
  }

  /** As above, but the copying is killed for good, and the rollback is killed as well. */
  @ParameterizedTest
  @MethodSource("restoring")
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
}
