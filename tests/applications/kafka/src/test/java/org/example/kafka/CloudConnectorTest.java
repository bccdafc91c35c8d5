package org.example.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.applications.RunningBackend;
import de.lifetimecircle.secrets.applications.Figures;
import de.lifetimecircle.secrets.applications.Waiting;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Connectors on the other backends, and beside config providers of others. */
@Tag("full")
class CloudConnectorTest {
  private static final String LOGIN = "connect/LOGIN";
  private static final String OURS = "beside-aws";
  private static final int TASKS = 2;
  private static final Path FILE = Kafka.FOLDER.resolve("passwords-of-connectors");

  private static KubernetesSecrets kubernetes;
  private static List<Peer> peers;
  private static Worker worker;

  @BeforeAll
  static void start() throws Exception {
    kubernetes = KubernetesSecrets.start();
    String jars = Files.readString(Path.of("peers/target/class-path")).strip();
    peers =
        List.of(
            new Peer(
                "peer",
                "org.apache.kafka.common.config.provider.FileConfigProvider",
                List.of(),
                "${peer:" + FILE + ":password}"),
            new Peer(
                "strimzi",
                "io.strimzi.kafka.KubernetesSecretConfigProvider",
                List.of(jars.split(File.pathSeparator)),
                "${strimzi:" + KubernetesSecrets.NAMESPACE + "/login:password}"));
    worker = new Worker(Kafka.FOLDER.resolve("worker-clouds"), Kafka.BROKER);
    for (String scheme : RunningBackend.CLOUDS) {
      worker.provider(scheme, Kafka.settings(Kafka.cloud(scheme)));
    }
    for (Peer peer : peers) {
      worker.peer(peer);
    }
    worker.environment(kubernetes.environment()).start();
  }

  @AfterAll
  static void noSecretShows() throws Exception {
    worker.stop();
    kubernetes.close();
    Kafka.assertNoLeaks();
  }

  @Test
  void tasksHoldTheNewValue() throws Exception {
    for (String scheme : RunningBackend.CLOUDS) {
      RunningBackend cloud = Kafka.cloud(scheme);
      String connector = "orders-" + scheme;
      String digest = Kafka.put(cloud, "connect/PASSWORD", "", "");
      worker.create(connector, TASKS, "${" + scheme + ":connect/PASSWORD:value}");
      worker.follows(connector, digest, TASKS);
      long slowest = 0;
      for (int i = 0; i < 2; i++) {
        digest = Kafka.put(cloud, "connect/PASSWORD", "", "");
        slowest = Math.max(slowest, worker.follows(connector, digest, TASKS));
      }
      assertThat(slowest).as(connector).isLessThanOrEqualTo(ConnectorTest.BAR_MILLIS);
      Figures.add(scheme + ": tasks held the new value after " + slowest + " ms at most, 2 rotations");
    }
  }

  /** The same rotations for all. Nothing is required of the others; the table is for the page. */
  @Test
  void oursFollowsBesideOthers() throws Exception {
    rotate();
    worker.create(OURS, TASKS, "${aws:" + LOGIN + ":password}");
    List<String> connectors = new ArrayList<>(List.of(OURS));
    for (Peer peer : peers) {
      connectors.add("beside-" + peer.name());
      worker.create("beside-" + peer.name(), TASKS, peer.placeholder());
    }
    for (String connector : connectors) {
      Waiting.until(connector, () -> worker.recorded(connector).size() >= TASKS);
    }
    Map<String, List<Long>> followed = new HashMap<>();
    connectors.forEach(connector -> followed.put(connector, new ArrayList<>()));
    for (int i = 0; i < 3; i++) {
      String digest = rotate();
      long begin = System.nanoTime();
      List<String> waiting = new ArrayList<>(connectors);
      Waiting.within(
          Duration.ofSeconds(10),
          () -> {
            for (String connector : List.copyOf(waiting)) {
              if (worker.holds(connector, digest, TASKS)) {
                waiting.remove(connector);
                followed.get(connector).add((System.nanoTime() - begin) / 1_000_000);
              }
            }
            return waiting.isEmpty();
          });
    }
    Map<String, Integer> starts = new HashMap<>();
    Map<String, Integer> tasks = new HashMap<>();
    for (String connector : connectors) {
      starts.put(connector, worker.connectorStarts(connector));
      tasks.put(connector, worker.recorded(connector).size());
    }
    Waiting.pause(Duration.ofSeconds(20));
    for (String connector : connectors) {
      List<Long> times = followed.get(connector);
      Figures.add(
          ("beside each other, %s: all tasks followed %d of 3 rotations within 10 s, slowest %d ms;"
                  + " %d starts of the connector and %d of tasks in 20 s without a rotation")
              .formatted(
                  connector, times.size(), times.stream().mapToLong(each -> each).max().orElse(-1),
                  worker.connectorStarts(connector) - starts.get(connector),
                  worker.recorded(connector).size() - tasks.get(connector)));
    }
    assertThat(followed.get(OURS)).as("rotations that ours followed").hasSize(3);
    assertThat(worker.connectorStarts(OURS)).as("starts").isEqualTo(starts.get(OURS));
  }

  private static String rotate() throws IOException {
    String canary = Kafka.PROBE.canary("password of connectors beside each other");
    Files.writeString(FILE, "password=" + canary + "\n");
    kubernetes.put("login", "password", canary);
    Kafka.cloud("aws").put(LOGIN, "{\"username\":\"anna\",\"password\":\"" + canary + "\"}");
    return RecordingTask.digest(canary);
  }
}
