package de.lifetimecircle.secrets.gpg.store;

import static de.lifetimecircle.secrets.gpg.store.TestStore.get;
import static de.lifetimecircle.secrets.gpg.store.TestStore.put;
import static de.lifetimecircle.secrets.gpg.store.TestStore.text;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.store.WriterJvm.Launcher;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several processes on one store, and {@code kill -9} at any moment. */
@Timeout(value = 15, unit = TimeUnit.MINUTES) // at length it starts and kills 150 JVMs
class GpgCrashTest {
  private static final int KILLS = Integer.getInteger("gpg.kills", 12);

  @TempDir private Path disk;

  @TempDir(factory = FastTempDir.class)
  private Path memory;

  private Path home;
  private long acknowledged;
  private long increments;
  private int killed;

  /**
   * On a disk a writer spends its time waiting for it, between the steps of a change; in memory it
   * gets much more done before it is killed.
   */
  @ParameterizedTest
  @ValueSource(strings = {"disk", "memory"})
  void killedWritersLoseNothingThatWasAcknowledged(String where) throws Exception {
    home = where.equals("disk") ? disk : memory;
    long seed = Long.getLong("gpg.seed", System.nanoTime());
    System.out.println("crash: seed " + seed + " (repeat with -Dgpg.seed=" + seed + ")");
    SplittableRandom random = new SplittableRandom(seed);
    Launcher launcher = Launcher.make(home);
    TestStore on = new TestStore(home).with("retention", "4");
    try (GpgStore reader = on.open()) {
      put(reader, "w0", "w0:0");
      put(reader, "w1", "w1:0");
      put(reader, WriterProcess.COUNTER, "0");
      Deque<WriterJvm> waiting = new ArrayDeque<>();
      for (int kills = 0; kills < KILLS; kills += 2) {
        // Two start while two run.
        while (waiting.size() < 4) {
          String seedOfWriter = Long.toString(random.nextLong(Long.MAX_VALUE));
          waiting.add(launcher.start(home, "chaos", "w" + waiting.size() % 2, seedOfWriter));
        }
        runAndKill(List.of(waiting.remove(), waiting.remove()), random, reader);
      }
      for (WriterJvm writer : waiting) {
        writer.kill();
      }
      put(reader, "last", "write");
      assertThat(on.files()).noneMatch(file -> file.startsWith(".fgp/tmp/"));
      System.out.println(
          "crash: "
              + KILLS
              + " kills on "
              + where
              + ", "
              + acknowledged
              + " acknowledged writes, 0 lost, 0 corrupt");
    }
  }

  private void runAndKill(List<WriterJvm> two, SplittableRandom random, GpgStore reader)
      throws Exception {
    for (WriterJvm writer : two) {
      writer.go();
    }
    for (WriterJvm writer : two) {
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(5_000, 200_000)));
      writer.kill();
      killed++;
    }
    for (int i = 0; i < 2; i++) {
      acknowledged += requireKept(reader, "w" + i, two.get(i).said());
      increments +=
          two.get(i).said().stream()
              .filter(line -> line.startsWith("! " + WriterProcess.COUNTER))
              .count();
    }
    // One increment a kill may have been done and not yet said.
    assertThat(Long.parseLong(requireReadable(reader, WriterProcess.COUNTER)))
        .isBetween(increments, increments + killed);
  }

  /** What the name has now is the last acknowledged value or the one that was on its way. */
  private static int requireKept(GpgStore reader, String name, Queue<String> said) {
    String acknowledged = "";
    String underWay = "";
    int count = 0;
    for (String line : said) {
      String[] words = line.split(" ", -1);
      if (words.length == 3 && words[1].equals(name)) {
        if (words[0].equals("!")) {
          acknowledged = words[2];
          underWay = "";
          count++;
        } else {
          underWay = words[2];
        }
      }
    }
    String now = requireReadable(reader, name);
    if (!acknowledged.isEmpty()) {
      assertThat(now).as(name + ": " + said).isIn(acknowledged, underWay);
    }
    if (now.equals("-")) {
      reader.restore(name);
    }
    return count;
  }

  /** The value now, {@code -} if it is deleted; every version of it can be read. */
  private static String requireReadable(GpgStore reader, String name) {
    try {
      String now = get(reader, name);
      reader
          .versions(name)
          .forEach(
              version -> assertThat(text(reader.fetchVersion(name, version.id()))).isNotEmpty());
      return now;
    } catch (SecretException e) {
      assertThat(e.kind()).as(e.getMessage()).isEqualTo(Kind.PENDING_DELETION);
      return "-";
    }
  }

  @Test
  void fourProcessesLoseNoUpdate() throws Exception {
    home = disk;
    int processes = 4;
    int times = 50;
    TestStore on = new TestStore(home).with("retention", "4");
    try (GpgStore store = on.open()) {
      put(store, WriterProcess.COUNTER, "0");
      Launcher launcher = Launcher.make(home);
      List<WriterJvm> writers = new ArrayList<>();
      for (int i = 0; i < processes; i++) {
        writers.add(launcher.start(home, "count", Integer.toString(times)));
      }
      for (WriterJvm writer : writers) {
        writer.go();
      }
      for (WriterJvm writer : writers) {
        writer.awaitEnd();
        assertThat(writer.said()).hasSize(times + 1).contains("done");
      }
      String total = get(store, WriterProcess.COUNTER);
      System.out.println(
          "two writers: " + processes + " processes x " + times + " increments = " + total);
      assertThat(total).isEqualTo(Integer.toString(processes * times));
    }
  }
}
