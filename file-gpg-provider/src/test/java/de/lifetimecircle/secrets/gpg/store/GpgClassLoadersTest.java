package de.lifetimecircle.secrets.gpg.store;

import static de.lifetimecircle.secrets.gpg.store.TestStore.get;
import static de.lifetimecircle.secrets.gpg.store.TestStore.put;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.gpg.store.WriterJvm.Launcher;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The library twice in one JVM, as two applications in one server have it, and another process that
 * wants to write as well.
 */
class GpgClassLoadersTest {
  @TempDir private Path home;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void stop() throws InterruptedException {
    release.countDown();
    threads.shutdown();
    assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
  }

  private Future<String> holdIn(ClassLoader loader, Path file) throws Exception {
    Future<String> holder =
        threads.submit(
            LoadedTwice.in(
                loader, Map.of("do", "hold", "file", file, "held", held, "release", release)));
    assertThat(held.await(1, TimeUnit.MINUTES)).isTrue();
    return holder;
  }

  private static String tryIn(ClassLoader loader, Path file) throws Exception {
    return LoadedTwice.in(loader, Map.of("do", "try", "file", file)).call();
  }

  @Test
  void waiterOfAnotherClassLoaderDoesNotReleaseTheLock() throws Exception {
    Path file = home.toRealPath().resolve("lock");
    try (URLClassLoader one = LoadedTwice.newLoader();
        URLClassLoader two = LoadedTwice.newLoader()) {
      Future<String> holder = holdIn(one, file);
      assertThat(tryIn(two, file)).isEqualTo("TIMEOUT");
      assertThat(LockProbe.isFree(file)).as("free for another process").isFalse();
      // Nor does a process that this one starts take the lock with it, or release it at its end.
      assertThat(new ProcessBuilder("true").start().waitFor()).isZero();
      assertThat(LockProbe.isFree(file)).isFalse();
      release.countDown();
      assertThat(holder.get()).isEqualTo("held");
      assertThat(tryIn(two, file)).isEqualTo("entered");
      assertThat(LockProbe.isFree(file)).isTrue();
    }
  }

  @Test
  void anotherSpellingOfTheFolderIsTheSameLock() throws Exception {
    Path folder = Files.createDirectory(home.toRealPath().resolve("folder"));
    Path link = Files.createSymbolicLink(home.toRealPath().resolve("link"), folder);
    try (URLClassLoader one = LoadedTwice.newLoader();
        URLClassLoader two = LoadedTwice.newLoader()) {
      Future<String> holder = holdIn(one, folder.resolve("lock"));
      assertThat(tryIn(two, link.resolve("lock"))).isEqualTo("TIMEOUT");
      assertThat(LockProbe.isFree(folder.resolve("lock"))).isFalse();
      release.countDown();
      assertThat(holder.get()).isEqualTo("held");
    }
  }

  @Test
  void lockFileThatIsReplacedWhileHeldLetsNoOtherClassLoaderIn() throws Exception {
    Path file = home.toRealPath().resolve("lock");
    try (URLClassLoader one = LoadedTwice.newLoader();
        URLClassLoader two = LoadedTwice.newLoader()) {
      Future<String> holder = holdIn(one, file);
      Files.delete(file);
      assertThat(tryIn(two, file)).isEqualTo("TIMEOUT");
      release.countDown();
      assertThat(holder.get()).isEqualTo("held");
    }
  }

  @Test
  void twoLocksInOneFolderDoNotWaitForEachOther() throws Exception {
    try (URLClassLoader one = LoadedTwice.newLoader();
        URLClassLoader two = LoadedTwice.newLoader()) {
      Future<String> holder = holdIn(one, home.toRealPath().resolve("lock"));
      assertThat(tryIn(two, home.toRealPath().resolve("other.lock"))).isEqualTo("entered");
      release.countDown();
      assertThat(holder.get()).isEqualTo("held");
    }
  }

  @Test
  void twoClassLoadersAndAnotherProcessLoseNoUpdate() throws Exception {
    int times = 60;
    TestStore on = new TestStore(home).with("retention", "4");
    try (GpgStore store = on.open();
        URLClassLoader one = LoadedTwice.newLoader();
        URLClassLoader two = LoadedTwice.newLoader()) {
      put(store, WriterProcess.COUNTER, "0");
      WriterJvm other = Launcher.make(home).start(home, "count", Integer.toString(times));
      List<Future<String>> counting = new ArrayList<>();
      for (ClassLoader loader : List.of(one, two)) {
        // One of them gives up soon, again and again: that is when a lock could be lost.
        int timeout = (int) (loader == one ? Duration.ofSeconds(20).toMillis() : 30);
        counting.add(
            threads.submit(
                LoadedTwice.in(
                    loader,
                    Map.of("do", "count", "home", home, "times", times, "timeout", timeout))));
      }
      other.go();
      other.awaitEnd();
      assertThat(other.said()).hasSize(times + 1).contains("done");
      assertThat(counting.get(0).get()).isEqualTo("0");
      String timeouts = counting.get(1).get();
      String total = get(store, WriterProcess.COUNTER);
      System.out.println(
          "two class loaders and a process, each "
              + times
              + " increments = "
              + total
              + ", "
              + timeouts
              + " times given up");
      assertThat(total).isEqualTo(Integer.toString(3 * times));
    }
  }
}
