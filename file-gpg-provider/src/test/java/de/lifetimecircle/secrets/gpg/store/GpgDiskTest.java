package de.lifetimecircle.secrets.gpg.store;

import static de.lifetimecircle.secrets.gpg.store.GpgStoreTest.assertKind;
import static de.lifetimecircle.secrets.gpg.store.TestStore.get;
import static de.lifetimecircle.secrets.gpg.store.TestStore.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.SecretValue;
import de.lifetimecircle.secrets.gpg.errors.GpgErrors;
import de.lifetimecircle.secrets.spi.PutRequest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Disks that are full or read-only: real ones where the test may mount (it says so), else a file
 * layer that fails in the same way.
 */
class GpgDiskTest {
  @TempDir private Path home;
  private Path mount;
  private boolean mounted;
  private boolean full;
  private boolean readOnly;

  @BeforeEach
  void mountSmallDisk() throws Exception {
    mount = Files.createDirectory(home.resolve("disk"));
    mounted = run("mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", mount.toString());
    System.out.println("disk: " + (mounted ? "a real tmpfs of 1 MiB" : "a simulated one"));
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(run("umount", mount.toString())).isTrue();
    }
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private TestStore onDisk() {
    return new TestStore(home, "disk/store", "key.pgp");
  }

  private GpgStore open(TestStore on) {
    return on.open(
        (step, file) -> {
          if (full && !mounted && step.equals("write")) {
            throw new FileSystemException(file, null, "No space left on device");
          }
          if (readOnly && !mounted) {
            throw new FileSystemException(file, null, "Read-only file system");
          }
        });
  }

  @Test
  void fullDiskKeepsTheOldValueAndComesBack() throws Exception {
    TestStore on = onDisk();
    Path ballast = mount.resolve("ballast");
    try (GpgStore store = open(on)) {
      put(store, "a", "one");
      full = true;
      fill(ballast);
      byte[] large = new byte[200_000];
      new SplittableRandom(1).nextBytes(large);
      for (byte[] value : new byte[][] {large, {1, 2, 3}}) {
        assertThatThrownBy(() -> store.put(PutRequest.always("a", SecretValue.of(value))))
            .isInstanceOfSatisfying(
                SecretException.class,
                e -> {
                  assertThat(e.kind()).as(e.getMessage()).isEqualTo(Kind.UNAVAILABLE);
                  assertThat(e).hasMessageContaining("Free space");
                });
        assertThat(get(store, "a")).isEqualTo("one");
      }
      try (GpgStore reopened = open(on)) {
        assertThat(get(reopened, "a")).isEqualTo("one");
        assertThat(reopened.versions("a")).hasSize(1);
      }
      Files.delete(ballast);
      full = false;
      put(store, "a", "two");
      assertThat(get(store, "a")).isEqualTo("two");
    }
    assertThat(on.files()).noneMatch(file -> file.startsWith(".fgp/tmp/"));
  }

  private void fill(Path ballast) throws IOException {
    Files.createFile(ballast);
    if (mounted) {
      try {
        while (true) {
          Files.write(ballast, new byte[4096], StandardOpenOption.APPEND);
        }
      } catch (IOException e) {
        // Full.
      }
    }
  }

  @Test
  void readOnlyDiskIsReadAndNotWritten() throws Exception {
    TestStore on = onDisk();
    try (GpgStore store = open(on)) {
      put(store, "a", "one");
      put(store, "a", "two");
      on.write("a.gpg", on.bytes(".fgp/versions/a~/00000001.pgp"));
    }
    readOnly = true;
    if (mounted) {
      assertThat(run("mount", "-o", "remount,ro", mount.toString())).isTrue();
    }
    try (GpgStore store = open(on)) {
      // The copy is an older version: it cannot be put right here, and is still not served.
      assertThat(get(store, "a")).isEqualTo("two");
      assertThat(store.list("")).containsExactly("a");
      assertThatThrownBy(() -> put(store, "a", "three"))
          .isInstanceOfSatisfying(
              SecretException.class,
              e -> {
                assertThat(e.kind()).as(e.getMessage()).isEqualTo(Kind.UNAVAILABLE);
                assertThat(e).hasMessageContaining("writable");
              });
    }
  }

  @Test
  void lockThatAnotherHoldsEndsAtTheDeadline() throws Exception {
    TestStore on = onDisk();
    try (GpgStore store = on.open()) {
      put(store, "a", "one");
    }
    on.timeout = Duration.ofMillis(200);
    try (GpgStore store = on.open();
        FileChannel other = FileChannel.open(on.file(".fgp/lock"), StandardOpenOption.WRITE);
        FileLock held = other.lock()) {
      assertThat(held.isValid()).isTrue();
      assertKind(Kind.TIMEOUT, () -> put(store, "a", "two"));
      assertThat(get(store, "a")).isEqualTo("one");
    }
  }

  /**
   * The writer waits on a file that is deleted and made again, and the new one is locked. The lock
   * on the old one then becomes free and excludes nobody.
   */
  @Test
  void lockFileThatIsReplacedWhileAWriterWaitsIsNoticed() throws Exception {
    TestStore on = onDisk();
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try (GpgStore store = on.open()) {
      put(store, "a", "one");
      FileChannel before = FileChannel.open(on.file(".fgp/lock"), StandardOpenOption.WRITE);
      assertThat(before.lock().isValid()).isTrue();
      CountDownLatch asked = new CountDownLatch(1);
      Future<String> waiting =
          pool.submit(
              () -> {
                asked.countDown();
                return put(store, "a", "two");
              });
      asked.await();
      LockSupport.parkNanos(
          100_000_000); // until it polls the lock; sooner, it would see the new file at once
      on.delete(".fgp/lock");
      try (FileChannel after =
          FileChannel.open(
              on.file(".fgp/lock"), StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
        assertThat(after.lock().isValid()).isTrue();
        before.close();
        assertThatThrownBy(() -> waiting.get(300, TimeUnit.MILLISECONDS))
            .as("nobody writes while another holds the new lock file")
            .isInstanceOf(TimeoutException.class);
      }
      assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo("2");
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void lockFileThatWasReplacedIsNoticed() throws Exception {
    TestStore on = onDisk();
    try (GpgStore store = on.open()) {
      put(store, "a", "one");
      on.delete(".fgp/lock");
      put(store, "a", "two");
      assertThat(get(store, "a")).isEqualTo("two");
      assertThat(on.file(".fgp/lock")).exists();
    }
  }

  /** What glibc says in German and in English; Java repeats it. */
  @ParameterizedTest
  @CsvSource({
    "No space left on device,Free space",
    "Auf dem Gerät ist kein Speicherplatz mehr verfügbar,Free space",
    "Der zugewiesene Plattenplatz (Quota) ist überschritten,Free space",
    "Read-only file system,writable",
    "Das Dateisystem ist nur lesbar,writable",
    "Input/output error,Check the disk"
  })
  void reasonOfTheSystemDecidesTheAdvice(String reason, String advice) {
    assertThat(GpgErrors.ofDisk(new IOException(reason)).advice().orElseThrow()).contains(advice);
  }
}
