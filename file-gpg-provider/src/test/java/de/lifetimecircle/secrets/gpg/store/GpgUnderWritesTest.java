package de.lifetimecircle.secrets.gpg.store;

import static de.lifetimecircle.secrets.gpg.store.TestStore.get;
import static de.lifetimecircle.secrets.gpg.store.TestStore.put;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.gpg.store.WriterJvm.Launcher;
import de.lifetimecircle.secrets.spi.MaintainedStore.ExistingFile;
import de.lifetimecircle.secrets.spi.StoreReport;
import de.lifetimecircle.secrets.spi.StoreReport.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads, backups and plain copies while three processes write without a pause. */
class GpgUnderWritesTest {
  private static final int NAMES = 30;
  private static final int COPIES = Integer.getInteger("gpg.copies", 10);
  private static final int ROUNDS = 9 * COPIES;

  @TempDir(factory = FastTempDir.class)
  private Path home;

  private final List<WriterJvm> writers = new ArrayList<>();
  private TestStore on;

  @BeforeEach
  void startWriters() throws Exception {
    on = new TestStore(home).with("retention", "4");
    try (GpgStore store = on.open()) {
      for (int i = 0; i < NAMES; i++) {
        put(store, "many/" + i, "value-" + i);
      }
      put(store, WriterProcess.COUNTER, "0");
      Launcher launcher = Launcher.make(home);
      for (int i = 0; i < 3; i++) {
        put(store, "w" + i, "w" + i + ":0");
        writers.add(launcher.start(home, "chaos", "w" + i, Integer.toString(i)));
      }
    }
    for (WriterJvm writer : writers) {
      writer.go();
    }
  }

  /** Returns how many writes were acknowledged. */
  private long stopWriters() throws InterruptedException {
    long written = 0;
    for (WriterJvm writer : writers) {
      writer.kill();
      written += writer.said().stream().filter(line -> line.startsWith("! ")).count();
    }
    writers.clear();
    assertThat(written).isPositive();
    return written;
  }

  @AfterEach
  void stopWhatIsLeft() throws InterruptedException {
    for (WriterJvm writer : writers) {
      writer.kill();
    }
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command) + ": " + said).isZero();
  }

  private TestStore restored(Path archive, String folder) throws Exception {
    Path target =
        Files.createDirectory(
            home.resolve(folder),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    run("tar", "-xf", archive.toString(), "-C", target.toString());
    return new TestStore(home, folder, "key.pgp");
  }

  @Test
  void everyReadSucceeds() throws Exception {
    int reads = 0;
    long longest = 0;
    try (GpgStore store = on.open()) {
      for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < NAMES; i++) {
          assertThat(get(store, "many/" + i)).isEqualTo("value-" + i);
          reads++;
        }
        long begun = System.nanoTime();
        // One name that is written all the time, and all names together.
        assertThat(get(store, WriterProcess.COUNTER)).isNotEmpty();
        assertThat(store.list("many/")).hasSize(NAMES);
        longest = Math.max(longest, System.nanoTime() - begun);
        reads += 2;
      }
    }
    System.out.println(
        "reads: "
            + reads
            + " under "
            + stopWriters()
            + " writes, 0 failed, longest "
            + Duration.ofNanos(longest).toMillis()
            + " ms");
  }

  @Test
  void everyBackupIsWhole() throws Exception {
    long longest = 0;
    try (GpgStore store = on.open()) {
      for (int i = 0; i < COPIES; i++) {
        long begun = System.nanoTime();
        StoreReport report = store.backup(home.resolve(i + ".tar"), ExistingFile.KEEP);
        longest = Math.max(longest, System.nanoTime() - begun);
        assertThat(report.findings()).isEmpty();
      }
    }
    long written = stopWriters();
    int reads = 0;
    for (int i = 0; i < COPIES; i++) {
      try (GpgStore again = restored(home.resolve(i + ".tar"), "restored" + i).open()) {
        assertThat(again.verify(home.resolve(i + ".tar")).findings()).isEmpty();
        for (String name : again.list("")) {
          assertThat(get(again, name)).isNotEmpty();
          reads++;
        }
        put(again, "after", "the restore");
      }
    }
    System.out.println(
        "backups: "
            + COPIES
            + " under "
            + written
            + " writes, longest "
            + Duration.ofNanos(longest).toMillis()
            + " ms, "
            + reads
            + " reads, 0 failed");
    assertThat(reads).isGreaterThanOrEqualTo(COPIES * NAMES);
  }

  /** A plain copy is of no one moment; what it lacks is found, and the rest can be repaired. */
  @Test
  void plainCopyIsNotABackupAndCanBeRepaired() throws Exception {
    for (int i = 0; i < COPIES; i++) {
      // A file that vanishes while it is copied is reported by cp, which goes on.
      new ProcessBuilder("cp", "-a", on.folder.toString(), home.resolve("copy" + i).toString())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    }
    long written = stopWriters();
    int unlisted = 0;
    int torn = 0;
    for (int i = 0; i < COPIES; i++) {
      TestStore copy = new TestStore(home, "copy" + i, "key.pgp");
      try (GpgStore store = copy.open()) {
        boolean found = store.verify().has(Level.DAMAGED);
        unlisted += isListed(store) ? 0 : 1;
        Optional<StoreReport> plan = store.planRepair();
        plan.ifPresent(store::repair);
        long failed = 0;
        for (String name : store.list("")) {
          failed += isRead(store, name) ? 0 : 1;
        }
        torn += found ? 1 : 0;
        assertThat(failed).as(plan.toString()).isLessThanOrEqualTo(damaged(plan));
        put(store, "after", "the repair");
      }
    }
    System.out.println(
        "plain copies: "
            + COPIES
            + " under "
            + written
            + " writes, "
            + unlisted
            + " could not be listed, "
            + torn
            + " were torn, all could be repaired");
  }

  private static boolean isListed(GpgStore store) {
    try {
      return store.list("").size() >= NAMES;
    } catch (SecretException e) {
      return false;
    }
  }

  private static boolean isRead(GpgStore store, String name) {
    try {
      return !get(store, name).isEmpty();
    } catch (SecretException e) {
      return false;
    }
  }

  private static long damaged(Optional<StoreReport> plan) {
    return plan.stream()
        .flatMap(report -> report.findings().stream())
        .filter(f -> f.level() != Level.NOTE)
        .count();
  }
}
