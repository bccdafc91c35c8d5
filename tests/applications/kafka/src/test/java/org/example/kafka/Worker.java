package org.example.kafka;

import de.lifetimecircle.secrets.applications.Broker;
import de.lifetimecircle.secrets.applications.Folders;
import de.lifetimecircle.secrets.applications.JavaProcess;
import de.lifetimecircle.secrets.applications.Waiting;
import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testservers.LocalServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.testcontainers.lifecycle.Startable;

/** A distributed worker of Kafka Connect, with our jars in its plug-in path, and its REST API. */
final class Worker implements Startable {
  private final Path folder;
  private final Map<String, String> settings = new TreeMap<>();
  private final int port = LocalServer.freePort();
  private final HttpClient http = HttpClient.newHttpClient();
  private Map<String, String> environment = Map.of();
  private JavaProcess process;

  Worker(Path folder, Broker broker) throws IOException {
    this.folder = folder;
    Path plugins = Files.createDirectories(folder.resolve("plugins"));
    link(plugins.resolve("secrets"), Programs.ours());
    Files.createSymbolicLink(plugins.resolve("recording"), Path.of(Programs.here()));
    Files.createDirectories(records());
    String name = "connect-" + folder.getFileName();
    settings.put("bootstrap.servers", broker.plain());
    settings.put("group.id", name);
    settings.put("listeners", url().toString());
    settings.put("plugin.path", plugins.toString());
    settings.put("plugin.discovery", "service_load");
    settings.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
    settings.put("value.converter", "org.apache.kafka.connect.storage.StringConverter");
    for (String topic : List.of("offset", "config", "status")) {
      settings.put(topic + ".storage.topic", name + "-" + topic);
      settings.put(topic + ".storage.replication.factor", "1");
    }
    settings.put("offset.storage.partitions", "1");
    settings.put("status.storage.partitions", "1");
    settings.put("scheduled.rebalance.max.delay.ms", "0");
    settings.put("config.providers", "");
  }

  private static void link(Path folder, List<String> jars) throws IOException {
    Files.createDirectories(folder);
    for (String jar : jars) {
      Path file = Path.of(jar);
      String name = Files.isDirectory(file) ? file.getParent().getParent().getFileName() + "" : "";
      Files.createSymbolicLink(folder.resolve(name.isEmpty() ? file.getFileName() + "" : name), file);
    }
  }

  /** Adds a config provider of ours with the settings of a backend. */
  Worker provider(String name, Map<String, String> backend) {
    Map<String, String> parameters = new TreeMap<>();
    backend.forEach((key, value) -> parameters.put("param." + key, value));
    parameters.put("param.allow", "connect/");
    parameters.put("param.metrics", "log");
    parameters.put("param.name", name);
    parameters.put("param.restart-connectors", url().toString());
    parameters.put("class", "de.lifetimecircle.secrets.kafka.SecretsConfigProvider");
    return configured(name, parameters);
  }

  private Worker configured(String name, Map<String, String> lines) {
    settings.merge("config.providers", name, (all, one) -> all.isEmpty() ? one : all + "," + one);
    lines.forEach((key, value) -> settings.put("config.providers." + name + "." + key, value));
    return this;
  }

  /** Adds a config provider of others. */
  Worker peer(Peer peer) throws IOException {
    link(folder.resolve("plugins").resolve(peer.name()), peer.jars());
    return configured(peer.name(), Map.of("class", peer.provider()));
  }

  Worker environment(Map<String, String> variables) {
    environment = variables;
    return this;
  }

  /** Starts the process, at first and after {@link #stop}. */
  @Override
  public void start() {
    Path file = Folders.settings(folder.resolve("worker.properties"), settings);
    process =
        Programs.program(
                folder, 512, environment, Programs.kafka(),
                "org.apache.kafka.connect.cli.ConnectDistributed", file)
            .readyWhen(started -> answers())
            .started();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  private boolean answers() {
    try {
      return send("GET", "/connectors", null).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  HttpResponse<String> send(String method, String path, String body)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(url() + path))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Makes a connector; its tasks append to the file of its name. */
  HttpResponse<String> create(String name, int tasks, String password)
      throws IOException, InterruptedException {
    Map<String, String> configuration = new TreeMap<>();
    configuration.put("connector.class", "org.example.kafka.RecordingConnector");
    configuration.put("tasks.max", "" + tasks);
    configuration.put("password", password);
    configuration.put("record", records().resolve(name).toString());
    return send("PUT", "/connectors/" + name + "/config", Json.write(configuration));
  }

  private Path records() {
    return folder.resolve("records");
  }

  /** The digests that tasks of the connector wrote, one for each start of a task. */
  List<String> recorded(String name) throws IOException {
    Path record = records().resolve(name);
    return Files.exists(record) ? Files.readAllLines(record) : List.of();
  }

  /** How often the connector itself has started, with its tasks or without. */
  int connectorStarts(String name) throws IOException {
    return recorded(name + RecordingConnector.STARTS).size();
  }

  /** Whether so many starts of tasks have had the value. */
  boolean holds(String connector, String digest, int starts) throws IOException {
    return Collections.frequency(recorded(connector), digest) >= starts;
  }

  /** Waits until the newest start of each task has the value; returns the milliseconds. */
  long follows(String connector, String digest, int tasks) throws Exception {
    return Waiting.until(connector + " to hold the new value", () -> holds(connector, digest, tasks));
  }

  /** The states of the connector's tasks. */
  List<String> states(String name) throws IOException, InterruptedException {
    List<String> states = new ArrayList<>();
    if (Json.parse(send("GET", "/connectors/" + name + "/status", null).body())
            instanceof Map<?, ?> status
        && status.get("tasks") instanceof List<?> tasks) {
      tasks.forEach(task -> states.add(String.valueOf(((Map<?, ?>) task).get("state"))));
    }
    return states;
  }

  /** How often its log has that text. */
  int logged(String text) {
    return process.log().split(Pattern.quote(text), -1).length - 1;
  }

  @Override
  public void stop() {
    process.stop();
  }
}
