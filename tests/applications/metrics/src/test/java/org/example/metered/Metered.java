package org.example.metered;

import de.lifetimecircle.secrets.applications.HttpService;
import de.lifetimecircle.secrets.applications.JavaProcess;
import de.lifetimecircle.secrets.applications.Waiting;
import java.nio.file.Path;
import java.util.Map;

/** A {@link MeteredService} in a process of its own, and its pages. */
final class Metered implements AutoCloseable {
  private final JavaProcess process;
  private final int port;
  private final HttpService http;

  /** Starts it with the value of its secret. */
  Metered(Path log, String metrics, String value) {
    process =
        new JavaProcess(log, Map.of())
            .quick(64)
            .main(JavaProcess.classPath(), MeteredService.class.getName(), metrics)
            .conversing()
            .launch();
    port = Integer.parseInt(process.ask(value));
    http = new HttpService(port);
  }

  int port() {
    return port;
  }

  String get(String path) throws Exception {
    return http.get(path);
  }

  Map<?, ?> stats() throws Exception {
    return http.json("/stats");
  }

  String log() {
    return process.log();
  }

  /** Goes through loads of readers, a rotation and an outage. */
  void live() throws Exception {
    http.get("/read");
    http.get("/absent");
    http.get("/rotate");
    Waiting.until("a rotation", () -> figure("rotations").equals("1"));
    http.get("/outage");
    Waiting.until("a stale secret", () -> figure("stale").equals("1"));
  }

  private String figure(String name) throws Exception {
    return String.valueOf(stats().get(name));
  }

  @Override
  public void close() {
    process.stop();
  }
}
