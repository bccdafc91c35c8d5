package org.example.kafka;

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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** A distributed worker of Kafka Connect, with our jars in its plug-in path, and its REST API. */
final class Worker implements AutoCloseable {
  private static final Pattern REFRESH = Pattern.compile("REFRESH of secret connect/PASSWORD");

  private final Path folder;
  private final Path settings;
  private final int port;
  private final Map<String, String> environment;
  private final HttpClient http = HttpClient.newHttpClient();
  private LocalServer server;

  private Worker(Path folder, Path settings, int port, Map<String, String> environment) {
    this.environment = environment;
    this.folder = folder;
    this.settings = settings;
    this.port = port;
  }

  /**
   * Starts it with a config provider of ours for each name, and its parameters.
   *
   * @param peers providers of others
   * @param environment of theirs
   */
  static Worker start(
      Path folder,
      Broker broker,
      Map<String, Map<String, String>> providers,
      List<Peer> peers,
      Map<String, String> environment)
      throws IOException {
    int port = LocalServer.freePort();
    Path plugins = folder.resolve("plugins");
    link(plugins.resolve("secrets"), Programs.ours());
    link(plugins.resolve("recording"), List.of(Programs.proof()));
    List<String> names = new ArrayList<>(providers.keySet());
    for (Peer peer : peers) {
      names.add(peer.name());
      link(plugins.resolve(peer.name()), peer.jars());
    }
    List<String> lines =
        new ArrayList<>(
            List.of(
                "bootstrap.servers=" + broker.plain(),
                "group.id=connect",
                "listeners=http://127.0.0.1:" + port,
                "plugin.path=" + plugins,
                "plugin.discovery=service_load",
                "key.converter=org.apache.kafka.connect.storage.StringConverter",
                "value.converter=org.apache.kafka.connect.storage.StringConverter",
                "offset.storage.topic=connect-offsets",
                "offset.storage.replication.factor=1",
                "offset.storage.partitions=1",
                "config.storage.topic=connect-configs",
                "config.storage.replication.factor=1",
                "status.storage.topic=connect-status",
                "status.storage.replication.factor=1",
                "status.storage.partitions=1",
                "scheduled.rebalance.max.delay.ms=0",
                "config.providers=" + String.join(",", names)));
    peers.forEach(peer -> lines.addAll(peer.worker()));
    providers.forEach(
        (name, parameters) -> {
          String prefix = "config.providers." + name + ".";
          lines.add(prefix + "class=de.lifetimecircle.secrets.kafka.SecretsConfigProvider");
          parameters.forEach((key, value) -> lines.add(prefix + "param." + key + "=" + value));
          lines.add(prefix + "param.name=" + name);
          lines.add(prefix + "param.restart-connectors=http://127.0.0.1:" + port);
        });
    Path settings = folder.resolve("worker.properties");
    Files.createDirectories(folder.resolveSibling("records"));
    Programs.write(settings, lines);
    Worker worker = new Worker(folder, settings, port, environment);
    worker.begin();
    return worker;
  }

  private static void link(Path folder, List<String> jars) throws IOException {
    Files.createDirectories(folder);
    for (String jar : jars) {
      Path file = Path.of(jar);
      Files.createSymbolicLink(folder.resolve(file.getFileName()), file);
    }
  }

  /** Starts the process, at first and after {@link #stop}. */
  void begin() throws IOException {
    server =
        Programs.start(
            folder,
            512,
            environment,
            Programs.kafka(),
            List.of("org.apache.kafka.connect.cli.ConnectDistributed", settings.toString()),
            this::answers);
  }

  void stop() {
    server.close();
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
  HttpResponse<String> create(String name, int tasks, String password, boolean fails)
      throws IOException, InterruptedException {
    Map<String, String> configuration = new TreeMap<>();
    configuration.put("connector.class", "org.example.kafka.RecordingConnector");
    configuration.put("tasks.max", "" + tasks);
    configuration.put("password", password);
    configuration.put("record", record(name).toString());
    configuration.put("fails", "" + fails);
    return send("PUT", "/connectors/" + name + "/config", Json.write(configuration));
  }

  private Path record(String name) {
    return folder.resolveSibling("records").resolve(name); // apart: it is searched for no secret
  }

  /** The digests that tasks of the connector wrote, one for each start of a task. */
  List<String> recorded(String name) throws IOException {
    return Files.exists(record(name)) ? Files.readAllLines(record(name)) : List.of();
  }

  /** How often the connector itself has started, with its tasks or without. */
  int connectorStarts(String name) throws IOException {
    Path starts = Path.of(record(name) + RecordingConnector.STARTS);
    return Files.exists(starts) ? Files.readAllLines(starts).size() : 0;
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

  long refreshes() throws IOException {
    return REFRESH.matcher(log()).results().count();
  }

  /** How often our restarter has restarted the connector. */
  int restarts(String connector) throws IOException {
    return count("Restarted connector '" + connector + "'");
  }

  /**
   * How often Connect restarted the tasks of the connector by itself. When a connector restarts,
   * Connect compares its resolved configuration with the one that it resolved at an earlier restart
   * since it last wrote the configurations of the tasks (KAFKA-9228, AppliedConnectorConfig).
   */
  int restartsByConnect(String connector) throws IOException {
    return count("Forcing task restart for connector " + connector + " ");
  }

  private int count(String text) throws IOException {
    return log().split(Pattern.quote(text), -1).length - 1;
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("java.log"));
  }

  @Override
  public void close() {
    stop();
  }
}
