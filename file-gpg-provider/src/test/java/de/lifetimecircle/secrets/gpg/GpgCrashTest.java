package de.lifetimecircle.secrets.gpg;

import static de.lifetimecircle.secrets.gpg.TestStore.get;
import static de.lifetimecircle.secrets.gpg.TestStore.put;
import static de.lifetimecircle.secrets.gpg.TestStore.text;
import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.SecretException.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one store, and {@code kill -9} at any moment. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class GpgCrashTest {
  private static final int KILLS = Integer.getInteger("gpg.kills", 300);

  @TempDir private Path home;

  /** A running {@link WriterProcess} and what it has said. */
  private static final class Writer {
    private final Process process;
    private final Queue<String> said = new ConcurrentLinkedQueue<>();
    private final CountDownLatch ready = new CountDownLatch(1);
    private final Thread listener;

    Writer(Path home, String... arguments) {
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xshare:auto",
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-Xmx128m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  WriterProcess.class.getName(),
                  home.toString()));
      command.addAll(List.of(arguments));
      try {
        process =
            new ProcessBuilder(command).redirectError(home.resolve("errors").toFile()).start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      listener = new Thread(this::listen);
      listener.start();
    }

    private void listen() {
      try (BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          said.add(line);
          ready.countDown();
        }
      } catch (IOException e) {
        // The pipe of a killed process may end anyhow.
      }
      ready.countDown();
    }

    void go() throws Exception {
      assertThat(ready.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(said.poll()).isEqualTo("ready");
      try (OutputStream in = process.getOutputStream()) {
        in.write('\n');
      }
    }

    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
      listener.join();
    }
  }

  @Test
  void killedWritersLoseNothingThatWasAcknowledged() throws Exception {
    long seed = Long.getLong("gpg.seed", System.nanoTime());
    System.out.println("crash: seed " + seed + " (repeat with -Dgpg.seed=" + seed + ")");
    SplittableRandom random = new SplittableRandom(seed);
    TestStore on = new TestStore(home).with("retention", "4");
    try (GpgStore reader = on.open()) {
      put(reader, "w0", "w0:0");
      put(reader, "w1", "w1:0");
      put(reader, WriterProcess.COUNTER, "0");
      Deque<Writer> waiting = new ArrayDeque<>();
      long acknowledged = 0;
      long increments = 0;
      for (int kills = 0; kills < KILLS; ) {
        while (waiting.size() < 4) {
          String name = waiting.size() % 2 == 0 ? "w0" : "w1";
          waiting.add(
              new Writer(home, "chaos", name, Long.toString(random.nextLong(Long.MAX_VALUE))));
        }
        List<Writer> two = List.of(waiting.remove(), waiting.remove());
        for (Writer writer : two) {
          writer.go();
        }
        for (Writer writer : two) {
          LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(2_000, 120_000)));
          writer.kill();
          kills++;
        }
        for (int i = 0; i < 2; i++) {
          acknowledged += requireKept(reader, "w" + i, two.get(i).said);
          increments +=
              two.get(i).said.stream()
                  .filter(line -> line.startsWith("! " + WriterProcess.COUNTER))
                  .count();
        }
        requireReadable(reader, WriterProcess.COUNTER);
        assertThat(Long.parseLong(get(reader, WriterProcess.COUNTER)))
            .isBetween(increments, increments + kills);
      }
      for (Writer writer : waiting) {
        writer.kill();
      }
      put(reader, "last", "write");
      assertThat(on.files()).noneMatch(file -> file.startsWith(".fgp/tmp/"));
      System.out.println(
          "crash: "
              + KILLS
              + " kills, "
              + (acknowledged + increments)
              + " acknowledged writes, 0 lost, 0 corrupt");
    }
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
    int processes = 4;
    int times = 50;
    TestStore on = new TestStore(home).with("retention", "4");
    try (GpgStore store = on.open()) {
      put(store, WriterProcess.COUNTER, "0");
      List<Writer> writers = new ArrayList<>();
      for (int i = 0; i < processes; i++) {
        writers.add(new Writer(home, "count", Integer.toString(times)));
      }
      for (Writer writer : writers) {
        writer.go();
      }
      for (Writer writer : writers) {
        assertThat(writer.process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        writer.listener.join();
        assertThat(writer.said).hasSize(times + 1).contains("done");
      }
      String total = get(store, WriterProcess.COUNTER);
      System.out.println(
          "two writers: " + processes + " processes x " + times + " increments = " + total);
      assertThat(total).isEqualTo(Integer.toString(processes * times));
    }
  }
}
