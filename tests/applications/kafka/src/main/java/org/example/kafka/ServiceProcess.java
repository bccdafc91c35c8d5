package org.example.kafka;

import de.lifetimecircle.secrets.testservers.LocalServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** A {@link ProducerService} in a process of its own, and its figures. */
final class ServiceProcess implements AutoCloseable {
  private final Path folder;
  private LocalServer server;

  private ServiceProcess(Path folder) {
    this.folder = folder;
  }

  /** Starts it with these settings, and waits until it has sent something. */
  static ServiceProcess start(Path folder, Map<String, String> settings) throws IOException {
    Map<String, String> all = new TreeMap<>(settings);
    all.put("acks", "all");
    all.put("delivery.timeout.ms", "4000");
    all.put("request.timeout.ms", "3000");
    all.put("max.block.ms", "3000");
    List<String> lines = new ArrayList<>();
    all.forEach((key, value) -> lines.add(key + "=" + value));
    ServiceProcess process = new ServiceProcess(folder);
    Programs.write(folder.resolve("producer.properties"), lines);
    List<String> jars = new ArrayList<>(Programs.kafka());
    jars.addAll(Programs.ours());
    jars.add(Programs.proof());
    process.server =
        Programs.start(
            folder,
            96,
            jars,
            List.of(
                "org.example.kafka.ProducerService",
                folder.resolve("producer.properties").toString(),
                folder.resolve("figures").toString()),
            () -> process.figures().getOrDefault("sent", 0L) > 0);
    return process;
  }

  /** Returns its counts so far, by name. */
  Map<String, Long> figures() {
    Properties read = new Properties();
    Path file = folder.resolve("figures");
    if (Files.exists(file)) {
      try (var in = Files.newBufferedReader(file)) {
        read.load(in);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    Map<String, Long> figures = new TreeMap<>();
    read.forEach((key, value) -> figures.put((String) key, Long.valueOf((String) value)));
    return figures;
  }

  @Override
  public void close() {
    server.close();
  }
}
