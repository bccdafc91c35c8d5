package de.lifetimecircle.secrets.gpg.store;

import static de.lifetimecircle.secrets.gpg.store.GpgHeldSecrets.assertFails;
import static de.lifetimecircle.secrets.gpg.store.TestStore.get;
import static de.lifetimecircle.secrets.gpg.store.TestStore.put;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.GpgHome;
import de.lifetimecircle.secrets.gpg.store.WriterJvm.Launcher;
import de.lifetimecircle.secrets.spi.MaintainedStore.ExistingFile;
import de.lifetimecircle.secrets.spi.OwnerOnlyFiles;
import de.lifetimecircle.secrets.spi.StoreReport;
import de.lifetimecircle.secrets.spi.StoreReport.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What happens to a store in years, with keys of the real gpg: it is backed up while other
 * processes write, its signing key is extended, a recipient expires, its index is lost.
 */
class GpgLongLivedStoreTest {
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir(factory = FastTempDir.class)
  private Path home;

  private final Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final List<WriterJvm> writers = new ArrayList<>();
  private Instant now = start.plusSeconds(60);
  private GpgHome gpg;
  private TestStore on;
  private String own;
  private String bob;

  @BeforeEach
  void begin() throws Exception {
    gpg = new GpgHome();
    own = gpg.generateCurve("own@example.org", "");
    bob = gpg.generateCurve("bob@example.org", "");
    gpg.setExpiry(own, "2d", start.plusSeconds(2));
    gpg.setExpiry(bob, "2d", start.plusSeconds(2));
    exportKey();
    on = new TestStore(home).with("retention", "4");
    on.with("high-water-file", home.resolve("mark").toString());
    on.clock = () -> now;
  }

  @AfterEach
  void end() throws InterruptedException {
    for (WriterJvm writer : writers) {
      writer.kill();
    }
    gpg.close();
  }

  private void exportKey() throws Exception {
    Path file = home.resolve("key.pgp");
    Files.deleteIfExists(file);
    Files.createFile(file, OwnerOnlyFiles.file(file));
    Files.write(file, gpg.exportSecret(own, ""));
  }

  /** One archive while two processes write. */
  private Path backUpUnderWrites(GpgStore store) throws Exception {
    Launcher launcher = Launcher.make(home);
    for (int i = 0; i < 2; i++) {
      writers.add(launcher.start(home, "chaos", "w" + i, Integer.toString(i)));
    }
    for (WriterJvm writer : writers) {
      writer.go();
    }
    Path archive = home.resolve("backup.tar.gz");
    for (int i = 0; i < 5; i++) {
      StoreReport report = store.backup(archive, ExistingFile.REPLACE);
      assertThat(report.findings()).isEmpty();
    }
    for (WriterJvm writer : writers) {
      writer.kill();
    }
    writers.clear();
    return archive;
  }

  private void assertNoDamage(StoreReport report) {
    assertThat(report.findings()).noneMatch(finding -> finding.level() == Level.DAMAGED);
  }

  @Test
  void eachStateIsReadRepairedOrRefusedAsDocumented() throws Exception {
    Path archive;
    try (GpgStore store = on.open()) {
      put(store, "a", "one");
      put(store, WriterProcess.COUNTER, "0");
      put(store, "w0", "w0:0");
      put(store, "w1", "w1:0");
      store.addRecipient(gpg.exportPublic(bob));
      archive = backUpUnderWrites(store);
      put(store, "a", "two");
    }
    gpg.setExpiry(own, "2y", start.plus(DAY));
    exportKey();
    now = start.plus(DAY.multipliedBy(3));
    extendedKeyRepairsALostIndex();
    expiredRecipientStopsWritesUntilRemoved();
    backupFromBeforeIsVerifiedAndRestored(archive);
  }

  private void extendedKeyRepairsALostIndex() throws Exception {
    try (GpgStore store = on.open()) {
      assertThat(get(store, "a")).as("the signing key was extended").isEqualTo("two");
      assertNoDamage(store.verify());
    }
    on.delete(".fgp/index.pgp");
    try (GpgStore store = on.open()) {
      assertFails(Kind.CORRUPT, "secrets store repair", () -> store.fetch("a"));
      StoreReport plan = store.planRepair().orElseThrow();
      assertThat(plan.has(Level.UNPROVED)).isTrue();
      store.repair(plan);
      assertThat(get(store, "a")).isEqualTo("two");
      assertThat(store.recipients()).containsExactly(own, bob);
      assertNoDamage(store.verify());
    }
    assertThat(gpg.gpg(new byte[0], "-d", on.file("a.gpg").toString()).orFail().text())
        .isEqualTo("two");
  }

  private void expiredRecipientStopsWritesUntilRemoved() {
    try (GpgStore store = on.open()) {
      assertThat(get(store, "a")).isEqualTo("two");
      assertFails(Kind.DISABLED, bob, () -> put(store, "a", "three"));
      store.removeRecipient(bob);
      put(store, "a", "three");
      assertThat(store.recipients()).containsExactly(own);
      assertNoDamage(store.verify());
    }
  }

  private void backupFromBeforeIsVerifiedAndRestored(Path archive) throws Exception {
    Path folder = Files.createDirectory(home.resolve("restored"), OwnerOnlyFiles.folder(home));
    gpg.run(new byte[0], "tar", "-xf", archive.toString(), "-C", folder.toString()).orFail();
    try (GpgStore store = on.open()) {
      assertThat(store.verify(archive).findings())
          .singleElement()
          .satisfies(f -> assertThat(f.text()).contains("older than the high-water mark"));
    }
    on.with("store", folder.toString());
    try (GpgStore store = on.open()) {
      assertFails(Kind.CORRUPT, "older state", () -> store.fetch("a"));
      store.repair(store.planRepair().orElseThrow());
      assertThat(get(store, "a")).isEqualTo("one");
      for (String name : store.list("")) {
        assertThat(get(store, name)).isNotEmpty();
      }
      store.removeRecipient(bob);
      put(store, "a", "three");
      assertNoDamage(store.verify());
    }
  }
}
