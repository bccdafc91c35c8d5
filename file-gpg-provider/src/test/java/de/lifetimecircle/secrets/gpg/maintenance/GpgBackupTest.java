package de.lifetimecircle.secrets.gpg.maintenance;

import static de.lifetimecircle.secrets.gpg.store.TestStore.get;
import static de.lifetimecircle.secrets.gpg.store.TestStore.put;
import static de.lifetimecircle.secrets.gpg.store.TestStore.text;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.gpg.files.CrashHook;
import de.lifetimecircle.secrets.gpg.files.StoreLayout;
import de.lifetimecircle.secrets.gpg.store.GpgHeldSecrets;
import de.lifetimecircle.secrets.gpg.store.GpgStore;
import de.lifetimecircle.secrets.gpg.store.LockProbe;
import de.lifetimecircle.secrets.gpg.store.TestStore;
import de.lifetimecircle.secrets.spi.MaintainedStore.ExistingFile;
import de.lifetimecircle.secrets.spi.PutRequest;
import de.lifetimecircle.secrets.spi.StoreReport;
import de.lifetimecircle.secrets.spi.StoreReport.Level;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives of a store, what {@code tar} makes of them, and what can be told of a copy. */
class GpgBackupTest extends GpgHeldSecrets {
  private static final String CANARY = "canary-8fd1c9";

  private Path archive() {
    return home.resolve("backup.tar");
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command) + ": " + said).isZero();
  }

  /** The store in an archive, extracted by the program that people use. */
  private TestStore restored(Path archive, String folder) throws Exception {
    Path target =
        Files.createDirectory(
            home.resolve(folder),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    run("tar", "-xf", archive.toString(), "-C", target.toString());
    return new TestStore(home, folder, "key.pgp");
  }

  private static void assertSound(StoreReport report) {
    assertThat(report.findings()).noneMatch(finding -> finding.level() != Level.NOTE);
  }

  private List<String> filesBeside() throws IOException {
    try (Stream<Path> files = Files.list(home)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.contains("backup") || name.endsWith(".spool"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"backup.tar", "backup.tar.gz", "backup.tgz"})
  void archiveIsAStoreAgainWithTar(String name) throws Exception {
    String deep = "team/" + "x".repeat(190) + "/" + "y".repeat(190);
    put(store, deep, "deep");
    store.put(PutRequest.pending("b", SecretValue.of("b-two")));
    put(store, "d", "d-one");
    store.delete("d");
    Path archive = home.resolve(name);
    StoreReport report = store.backup(archive, ExistingFile.KEEP);
    assertThat(report.findings()).isEmpty();
    assertThat(report.facts()).containsEntry("secrets", "4").containsEntry("versions", "6");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(archive)))
        .isEqualTo("rw-------");
    StoreReport verified = store.verify(archive);
    assertSound(verified);
    assertThat(verified.facts())
        .containsEntry("store", archive.toString())
        .containsEntry("secrets", "3")
        .containsEntry("decrypted", "6");
    try (GpgStore again = restored(archive, "restored").open()) {
      assertThat(again.list("")).isEqualTo(store.list(""));
      assertThat(get(again, "a")).isEqualTo("a-two");
      assertThat(get(again, deep)).isEqualTo("deep");
      assertThat(text(again.fetchVersion("b", "2"))).isEqualTo("b-two");
      again.restore("d");
      assertThat(get(again, "d")).isEqualTo("d-one");
      put(again, "a", "a-three");
      assertSound(again.verify());
    }
    assertThat(filesBeside()).containsExactly(name);
  }

  @Test
  void archiveAndReportsHoldNoValue() throws Exception {
    put(store, "canary", CANARY);
    StoreReport report = store.backup(archive(), ExistingFile.KEEP);
    StoreReport verified = store.verify(archive());
    String all = Files.readString(archive(), StandardCharsets.ISO_8859_1) + report + verified;
    assertThat(all).doesNotContain(CANARY);
    run("sh", "-c", "! grep -q " + CANARY + " " + archive());
    on.write("canary.gpg", new byte[] {1});
    assertThat(String.valueOf(store.verify())).doesNotContain(CANARY).contains("canary.gpg");
  }

  @Test
  void fileThatIsThereStaysUnlessItMayBeReplaced() throws Exception {
    Files.writeString(archive(), "something else");
    assertFails(Kind.CONFLICT, "--replace", () -> store.backup(archive(), ExistingFile.KEEP));
    assertThat(archive()).hasContent("something else");
    store.backup(archive(), ExistingFile.REPLACE);
    assertSound(store.verify(archive()));
    assertFails(
        Kind.CONFIGURATION,
        "inside the store",
        () -> store.backup(on.file("backup.tar"), ExistingFile.KEEP));
    Path link = Files.createSymbolicLink(home.resolve("link"), on.folder);
    assertFails(
        Kind.CONFIGURATION,
        "inside the store",
        () -> store.backup(link.resolve("backup.tar"), ExistingFile.KEEP));
    assertFails(
        Kind.CONFIGURATION,
        "mkdir -p",
        () -> store.backup(home.resolve("none/backup.tar"), ExistingFile.KEEP));
    assertFails(Kind.CONFIGURATION, "is a folder", () -> store.backup(home, ExistingFile.REPLACE));
    assertThat(filesBeside()).containsExactly("backup.tar");
  }

  @Test
  void damagedStoreIsArchivedAndDoesNotReplaceAWholeBackup() throws Exception {
    store.backup(archive(), ExistingFile.KEEP);
    byte[] whole = Files.readAllBytes(archive());
    on.write(".fgp/versions/a~/00000001.pgp", new byte[] {1, 2});
    assertFails(Kind.CORRUPT, "last whole", () -> store.backup(archive(), ExistingFile.REPLACE));
    assertThat(archive()).hasBinaryContent(whole);
    StoreReport report = store.backup(home.resolve("backup2.tar"), ExistingFile.KEEP);
    assertThat(report.has(Level.DAMAGED)).isTrue();
    assertThat(store.verify(home.resolve("backup2.tar")).has(Level.DAMAGED)).isTrue();
    try (GpgStore again = restored(home.resolve("backup2.tar"), "restored").open()) {
      assertThat(get(again, "a")).isEqualTo("a-two");
    }
  }

  @Test
  void fileBehindALinkIsReportedAndTheRestIsArchived() throws Exception {
    Path elsewhere = home.resolve("elsewhere.gpg");
    Files.move(on.file("b.gpg"), elsewhere);
    Files.createSymbolicLink(on.file("b.gpg"), elsewhere);
    assertThat(store.backup(archive(), ExistingFile.KEEP).findings())
        .hasSize(2)
        .allMatch(f -> f.level() == Level.DAMAGED && f.text().contains("link"));
    try (GpgStore again = restored(archive(), "restored").open()) {
      assertThat(get(again, "a")).isEqualTo("a-two");
      assertThat(get(again, "b")).isEqualTo("b-one");
    }
  }

  @Test
  void backupWithoutARecipientOrWithOthersIsNotWhole() throws Exception {
    store.backup(archive(), ExistingFile.KEEP);
    String certificate = StoreLayout.certificate(fingerprint());
    byte[] whole = on.bytes(certificate);
    on.delete(certificate);
    assertFails(Kind.CORRUPT, "last whole", () -> store.backup(archive(), ExistingFile.REPLACE));
    on.write(certificate, whole);
    on.write(StoreLayout.GPG_ID, "somebody@example.org\n".getBytes(StandardCharsets.UTF_8));
    assertFails(Kind.CORRUPT, "last whole", () -> store.backup(archive(), ExistingFile.REPLACE));
    assertThat(store.backup(home.resolve("backup2.tar"), ExistingFile.KEEP).findings())
        .filteredOn(finding -> finding.level() == Level.DAMAGED)
        .singleElement()
        .satisfies(finding -> assertThat(finding.subject()).isEqualTo(StoreLayout.GPG_ID));
  }

  @Test
  void diskWithoutHardLinksTakesABackup() throws Exception {
    CrashHook noLinks =
        (what, file) -> {
          if (what.equals("link") && file.endsWith("backup.tar")) {
            throw new FileSystemException(file, null, "Operation not permitted");
          }
        };
    try (GpgStore there = on.open(noLinks)) {
      there.backup(archive(), ExistingFile.KEEP);
      assertSound(there.verify(archive()));
      assertFails(Kind.CONFLICT, "--replace", () -> there.backup(archive(), ExistingFile.KEEP));
    }
    assertThat(filesBeside()).containsExactly("backup.tar");
  }

  @Test
  void numberOfAnAccountThatDoesNotFitIsLeftOut() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new TarWriter(bytes, 2_097_152, 2_097_151).file("a", new byte[] {1}, 0);
    String header = bytes.toString(StandardCharsets.ISO_8859_1);
    assertThat(header.substring(108, 124)).isEqualTo("0000000\0" + "7777777\0");
  }

  @Test
  void filesOfOtherProgramsAreInTheArchive() throws Exception {
    Files.createDirectories(on.file("team"));
    on.write("team/theirs.gpg", new byte[] {1});
    on.write("team/.gpg-id", new byte[] {2});
    StoreReport report = store.backup(archive(), ExistingFile.KEEP);
    assertThat(report.findings()).hasSize(2).allMatch(f -> f.level() == Level.NOTE);
    assertThat(restored(archive(), "restored").files()).contains("team/theirs.gpg", "team/.gpg-id");
  }

  /** Seen from another process while files are copied, and while the archive is written. */
  @Test
  void writersWaitForTheCopyAndNotForTheArchive() throws Exception {
    List<Boolean> duringCopy = new ArrayList<>();
    List<Boolean> duringArchive = new ArrayList<>();
    CrashHook steps =
        new CrashHook() {
          @Override
          public void before(String step, String file) {
            if (step.equals("write") && file.equals("b.gpg")) {
              duringArchive.add(isFree());
              put(store, "b", "b-two");
            }
          }

          @Override
          public void beforeRead(String file) {
            if (file.equals(".fgp/versions/b~/00000001.pgp")) {
              duringCopy.add(isFree());
            }
          }
        };
    try (GpgStore watched = on.open(steps)) {
      assertSound(watched.backup(archive(), ExistingFile.KEEP));
    }
    assertThat(duringCopy).containsExactly(false);
    assertThat(duringArchive).containsExactly(true);
    assertThat(get(store, "b")).isEqualTo("b-two");
    try (GpgStore again = restored(archive(), "restored").open()) {
      assertThat(get(again, "b")).as("as of the copy").isEqualTo("b-one");
      assertSound(again.verify());
    }
  }

  private boolean isFree() {
    return LockProbe.isFree(on.file(StoreLayout.LOCK));
  }

  @Test
  void restoredBackupIsOlderThanTheMark() throws Exception {
    on.with("high-water-file", home.resolve("mark").toString());
    try (GpgStore marked = on.open()) {
      marked.backup(archive(), ExistingFile.KEEP);
      put(marked, "a", "a-three");
    }
    TestStore again = restored(archive(), "restored");
    again.with("high-water-file", home.resolve("mark").toString());
    try (GpgStore marked = again.open()) {
      assertFails(Kind.CORRUPT, "secrets store repair", () -> marked.fetch("a"));
      assertThat(marked.verify().findings())
          .singleElement()
          .satisfies(
              f -> {
                assertThat(f.level()).isEqualTo(Level.DAMAGED);
                assertThat(f.text()).contains("older than the high-water mark", "store repair");
              });
      assertThat(marked.verify(archive()).has(Level.DAMAGED)).isFalse();
      assertThat(marked.verify(archive()).findings())
          .singleElement()
          .satisfies(f -> assertThat(f.text()).contains("older than the high-water mark"));
      marked.repair(marked.planRepair().orElseThrow());
      assertThat(get(marked, "a")).isEqualTo("a-two");
    }
  }

  @Test
  void everyDamageToACopyIsFound() throws Exception {
    Path copy = home.resolve("copy");
    on.copyTo(copy);
    assertSound(store.verify(copy));
    for (String file : on.files()) {
      if (file.equals(".fgp/lock") || isReplacedBucket(file)) {
        continue;
      }
      byte[] bytes = on.bytes(file);
      bytes[bytes.length / 2] ^= 1;
      Files.write(copy.resolve(file), bytes);
      try {
        assertThat(store.verify(copy).has(Level.DAMAGED)).as(file).isTrue();
      } catch (SecretException e) {
        assertThat(e.kind()).isEqualTo(Kind.CORRUPT);
        assertThat(file).isEqualTo(".fgp/format");
      }
      Files.write(copy.resolve(file), on.bytes(file));
    }
    assertSound(store.verify(copy));
  }

  private boolean isReplacedBucket(String file) {
    return StoreLayout.isBucket(file)
        && on.files().stream()
            .anyMatch(
                other ->
                    StoreLayout.isBucket(other)
                        && StoreLayout.bucketIn(other).equals(StoreLayout.bucketIn(file))
                        && StoreLayout.generationOf(other) > StoreLayout.generationOf(file));
  }

  @Test
  void everyDamageToAnArchiveIsFound() throws Exception {
    Set<Path> ofOthers = foldersOfVerifications();
    store.backup(archive(), ExistingFile.KEEP);
    byte[] whole = Files.readAllBytes(archive());
    int undetected = 0;
    for (int length = 0; length < whole.length - 1024; length += 1999) {
      Files.write(archive(), java.util.Arrays.copyOf(whole, length));
      assertFails(Kind.CORRUPT, "backup.tar", () -> store.verify(archive()));
    }
    for (int at = 7; at < whole.length - 1024; at += 499) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 1;
      Files.write(archive(), flipped);
      try {
        // A bit of the padding between files is nothing of the store.
        undetected += store.verify(archive()).has(Level.DAMAGED) || whole[at] == 0 ? 0 : 1;
      } catch (SecretException e) {
        assertThat(e.kind()).isEqualTo(Kind.CORRUPT);
      }
    }
    assertThat(undetected).isZero();
    Set<Path> left = foldersOfVerifications();
    left.removeAll(ofOthers);
    // Another process may verify an archive just now, and then removes its folder soon.
    for (int i = 0; i < 600 && left.stream().anyMatch(Files::exists); i++) {
      LockSupport.parkNanos(100_000_000);
    }
    assertThat(left).noneMatch(Files::exists);
  }

  private static Set<Path> foldersOfVerifications() throws IOException {
    try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return all.filter(file -> file.getFileName().toString().startsWith("secrets-verify"))
          .collect(Collectors.toSet());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"../escaped", "/tmp/escaped", "a/../../escaped", "twice"})
  void archiveWithAPathOutsideIsRefused(String path) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    TarWriter tar = new TarWriter(bytes, 0, 0);
    tar.file(path, new byte[] {1}, 0);
    tar.file(path, new byte[] {1}, 0);
    tar.end();
    Files.write(archive(), bytes.toByteArray());
    assertFails(
        Kind.CORRUPT,
        path.equals("twice") ? "twice" : "leads out of it",
        () -> store.verify(archive()));
  }

  @Test
  void linksInAnArchiveAreRefusedAndArchivesOfTarAreRead() throws Exception {
    run("tar", "-C", on.folder.toString(), "-cf", archive().toString(), ".");
    assertSound(store.verify(archive()));
    Path folder = Files.createDirectory(home.resolve("links"));
    Files.createSymbolicLink(folder.resolve("link"), Path.of("/etc"));
    Files.delete(archive());
    run("tar", "-C", folder.toString(), "-cf", archive().toString(), ".");
    assertFails(Kind.CORRUPT, "neither a file nor a folder", () -> store.verify(archive()));
  }

  /** A crash: no handler of the code under test may do anything after it. */
  private static final class Crash extends Error {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void backupCutOffAtAnyStepLeavesNoPartAtItsPlace() throws Exception {
    boolean done = false;
    int steps = 0;
    for (; !done; steps++) {
      int allowed = steps;
      int[] step = {0};
      try (GpgStore cut =
          on.open(
              (what, file) -> {
                if (step[0]++ >= allowed) {
                  throw new Crash();
                }
              })) {
        cut.backup(archive(), ExistingFile.KEEP);
        done = true;
      } catch (Crash e) {
        if (Files.exists(archive())) {
          assertSound(store.verify(archive()));
          Files.delete(archive());
        }
      }
      // A later one clears what is left, and is not in the way of the next.
      store.backup(archive(), done ? ExistingFile.REPLACE : ExistingFile.KEEP);
      assertThat(filesBeside()).containsExactly("backup.tar");
      assertSound(store.verify(archive()));
      Files.delete(archive());
    }
    System.out.println("backup: cut off before each of " + (steps - 1) + " steps");
  }

  @Test
  void fullDiskLeavesNothingAndNamesTheReason() throws Exception {
    Path disk = Files.createDirectory(home.resolve("disk"));
    boolean mounted =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", disk.toString())
                .start()
                .waitFor()
            == 0;
    System.out.println("backup: " + (mounted ? "a real tmpfs of 32 KiB" : "a simulated full disk"));
    Path target = disk.resolve("backup.tar");
    try (GpgStore full =
        on.open(
            (what, file) -> {
              if (!mounted && what.equals("write") && file.endsWith(".partial")) {
                throw new FileSystemException(file, null, "No space left on device");
              }
            })) {
      for (int i = 0; i < 12; i++) {
        put(full, "more/" + i, "x".repeat(2000));
      }
      String advice = "Free space on the disk of " + disk.toRealPath();
      assertFails(Kind.UNAVAILABLE, advice, () -> full.backup(target, ExistingFile.KEEP));
      try (Stream<Path> left = Files.list(disk)) {
        assertThat(left).isEmpty();
      }
      assertSound(full.verify());
    } finally {
      if (mounted) {
        run("umount", disk.toString());
      }
    }
  }

  @Test
  void twoBackupsToOnePlaceMakeOneWholeFile() throws Exception {
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 4; i++) {
      threads.add(
          new Thread(
              () -> {
                try (GpgStore other = on.open()) {
                  other.backup(archive(), ExistingFile.KEEP);
                } catch (SecretException e) {
                  failures.add(e);
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).hasSize(3).allMatch(e -> ((SecretException) e).kind() == Kind.CONFLICT);
    assertSound(store.verify(archive()));
    assertThat(filesBeside()).containsExactly("backup.tar");
  }

  @Test
  void aBackupThatBeginsWhileAnotherGetsItsNameLeavesItsFileAlone() throws Exception {
    List<String> between = new ArrayList<>();
    try (GpgStore slow =
        on.open(
            (what, file) -> {
              if (what.equals("rename") && file.endsWith("backup.tar")) {
                between.add(file);
                store.backup(archive(), ExistingFile.KEEP);
              }
            })) {
      assertFails(
          Kind.CONFLICT, "backup.tar exists", () -> slow.backup(archive(), ExistingFile.KEEP));
    }
    assertThat(between).hasSize(1);
    assertSound(store.verify(archive()));
    assertThat(filesBeside()).containsExactly("backup.tar");
  }
}
