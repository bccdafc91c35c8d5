package org.example.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import de.lifetimecircle.secrets.applications.RunningBackend;
import de.lifetimecircle.secrets.applications.Broker;
import de.lifetimecircle.secrets.applications.Figures;
import de.lifetimecircle.secrets.applications.Folders;
import de.lifetimecircle.secrets.applications.JavaProcess;
import de.lifetimecircle.secrets.applications.Waiting;
import de.lifetimecircle.secrets.testkit.LeakProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The broker and the backends of all tests, which end with this process. */
final class Kafka {
  static final LeakProbe PROBE = LeakProbe.start();
  static final Path FOLDER = Folders.empty("kafka");
  static final Broker BROKER = Broker.started(FOLDER.resolve("broker"));
  static final RunningBackend GPG = RunningBackend.started("gpg", FOLDER.resolve("gpg"));
  private static final Map<String, RunningBackend> CLOUDS = new ConcurrentHashMap<>();

  private Kafka() {}

  static RunningBackend cloud(String scheme) {
    return CLOUDS.computeIfAbsent(scheme, each -> RunningBackend.started(each, FOLDER.resolve(each)));
  }

  /** The settings of the library in a worker or a client. */
  static Map<String, String> settings(RunningBackend backend) {
    Map<String, String> settings = new TreeMap<>(backend.settings());
    settings.put("soft-age", Figures.FULL ? "1s" : "250ms");
    settings.put("overrides", "off");
    return settings;
  }

  /** Puts a new canary between two texts; returns the digest that tasks write. */
  static String put(RunningBackend backend, String name, String before, String after) {
    String canary = PROBE.canary(name);
    backend.put(name, before + canary + after);
    return RecordingTask.digest(canary);
  }

  /** Waits longer than the time after which the broker wants a login again. */
  static void nextLogin() {
    Waiting.pause(Broker.SESSION.plusMillis(200));
  }

  /** A {@link ProducerService} with these settings, which has sent something. */
  static JavaProcess producer(String name, Map<String, String> settings) {
    JavaProcess process = launched(name, settings);
    assertThat(process.answer()).isEqualTo("ready");
    return process;
  }

  /** Starts a producer, and does not wait. */
  static JavaProcess launched(String name, Map<String, String> settings) {
    Path folder = FOLDER.resolve("producer-" + name);
    Map<String, String> all = new TreeMap<>(settings);
    all.put("acks", "all");
    all.put("delivery.timeout.ms", "30000");
    all.put("request.timeout.ms", "20000");
    all.put("max.block.ms", "20000");
    return Programs.program(
            folder, 96, Map.of(), Programs.all(), ProducerService.class.getName(),
            Folders.settings(folder.resolve("producer.properties"), all))
        .conversing()
        .launch();
  }

  /** The counts of a producer so far, by name. */
  static Map<String, Long> figures(JavaProcess producer) {
    Map<String, Long> figures = new TreeMap<>();
    for (String each : producer.ask("").split(" ")) {
      figures.put(each.replaceAll("=.*", ""), Long.valueOf(each.replaceAll(".*=", "")));
    }
    return figures;
  }

  /** No send of the producer failed, and the broker refused no login of it. */
  static void assertNothingFailed(Map<String, Long> figures) {
    assertThat(figures.get("sent")).isPositive();
    assertThat(figures)
        .containsEntry("failed", 0L)
        .containsEntry("failed-authentication-total", 0L)
        .containsEntry("failed-reauthentication-total", 0L);
  }

  /** No secret is in the logs and settings of the programs, nor in topics. */
  static void assertNoLeaks() throws IOException {
    // Topics are in files named .log, too; the indexes beside them are 10 MB of zeros each.
    try (Stream<Path> folders = Files.list(FOLDER)) {
      for (Path each : folders.filter(f -> f.getFileName().toString().matches("(worker|broker|producer).*")).toList()) {
        PROBE.look(each.getFileName().toString(), Folders.text(each, ".*[.](log|properties)"));
      }
    }
    assertThat(PROBE.leaks())
        .filteredOn(leak -> !leak.form().equals("length")) // the log of this HTTP client has numbers
        .isEmpty();
  }
}
