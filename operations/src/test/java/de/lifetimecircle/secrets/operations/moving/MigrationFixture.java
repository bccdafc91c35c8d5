package de.lifetimecircle.secrets.operations.moving;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.Secret;
import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.Stage;
import de.lifetimecircle.secrets.VersionSelector;
import de.lifetimecircle.secrets.operations.moving.StoreMigration.Existing;
import de.lifetimecircle.secrets.operations.moving.StoreMigration.Rotating;
import de.lifetimecircle.secrets.testkit.FakeStep;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Two stores, and a migration between them that can be killed at each of its steps. */
abstract class MigrationFixture {
  static final List<String> NAMES = List.of("A", "B", "C");

  /** What a process does that is killed: it stops, and nothing of it runs any more. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  @TempDir Path folder;
  FakeStore source = source();
  FakeStore target = FakeStore.create();
  final List<MigrationEvent> moved = new ArrayList<>();
  Runnable whilePausing = () -> {};
  int pauses;
  int killAt = Integer.MAX_VALUE;

  /** Not refused, because most cases move a secret with a pending version, which is left out. */
  Rotating rotating = Rotating.COPY;

  static FakeStore source() {
    FakeStore made = FakeStore.create();
    for (String value : List.of("a1", "a2", "a3", "a4")) {
      made.holding("A", value);
    }
    made.holding("B", "b1").holding("C", "c1").holding("C", "c2");
    Stores.pending(made, "C", "c3");
    return made;
  }

  void breakpoint() {
    whilePausing.run();
    if (++pauses == killAt) {
      throw new Killed();
    }
  }

  interface Work {
    void on(StoreMigration migration);
  }

  void migrate(Work work) {
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
      work.on(migration.during(rotating, List.of()));
    }
  }

  void copyAll(Existing existing) {
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

  List<String> problems(Existing existing, String... names) {
    List<String> problems = new ArrayList<>();
    migrate(migration -> problems.addAll(migration.plan(List.of(names), existing).problems()));
    return problems;
  }

  void retirePrevious(FakeStore store, String name) {
    try (SecretProvider provider = Stores.reader(store);
        SecretWriter writer = Stores.writer(store)) {
      writer.retire(name, provider.get(name, VersionSelector.stage(Stage.PREVIOUS)).version());
    }
  }

  /** As AWS fails if the label of the version before could not be taken off. */
  void refuseAfterTheValueIsCurrent(String name, String value) {
    target.next(
        FakeStore.Op.PUT,
        name,
        FakeStep.run(
            () -> {
              target.holding(name, value);
              throw SecretException.of(SecretException.Kind.ACCESS_DENIED, "write secret").build();
            }));
  }

  static List<String> valid(FakeStore store, String name) {
    try (SecretProvider provider = Stores.reader(store)) {
      return provider.validVersions(name).stream().map(Secret::asString).toList();
    }
  }

  void anotherPass() {
    migrate(
        migration -> {
          assertThat(migration.catchUp(NAMES, Existing.REPLACE).problems()).isEmpty();
          migration.copy();
          assertThat(migration.verify()).allMatch(r -> r.outcome() == ComparedSecret.Outcome.SAME);
        });
  }
}
