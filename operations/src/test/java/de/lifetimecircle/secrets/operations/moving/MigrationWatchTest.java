package de.lifetimecircle.secrets.operations.moving;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.SecretWriter;
import de.lifetimecircle.secrets.operations.moving.StoreMigration.Existing;
import de.lifetimecircle.secrets.testkit.FakeStore;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody hears of a migration who wants to know how long it takes. */
class MigrationWatchTest {
  @TempDir Path folder;

  @Test
  void tellsHowManyOfHowManyAreDoneInEachPhase() {
    FakeStore source = FakeStore.create().holding("A", "a1").holding("A", "a2").holding("B", "b1");
    List<String> heard = new ArrayList<>();
    try (SecretProvider from = Stores.reader(source);
        SecretWriter to = Stores.writer(FakeStore.create());
        StoreMigration migration =
            new StoreMigration(
                from,
                to,
                folder.resolve("journal"),
                Stores.RANDOM,
                InstantSource.system(),
                entry -> {})) {
      migration.watchedBy((phase, done, all) -> heard.add(phase + " " + done + "/" + all));
      migration.begin(migration.plan(List.of("A", "B"), Existing.REFUSE));
      migration.copy();
      migration.verify();
      assertThat(heard)
          .containsExactly(
              "PLAN 1/2",
              "PLAN 2/2",
              "COPY 1/3",
              "COPY 2/3",
              "COPY 3/3",
              "VERIFY 1/2",
              "VERIFY 2/2");
      heard.clear();
      StoreMigration.plan(
          from,
          to,
          Stores.RANDOM,
          List.of("A"),
          Existing.REFUSE,
          StoreMigration.Rotating.REFUSE,
          (phase, done, all) -> heard.add(phase + " " + done + "/" + all));
      assertThat(heard).containsExactly("PLAN 1/1");
    }
  }
}
