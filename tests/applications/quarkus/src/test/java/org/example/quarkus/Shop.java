package org.example.quarkus;

import de.lifetimecircle.secrets.applications.HttpService;
import de.lifetimecircle.secrets.applications.JavaProcess;
import de.lifetimecircle.secrets.testservers.LocalServer;
import java.nio.file.Path;
import java.util.Map;

/** A packaged application as a process of its own, and a client of it. */
final class Shop implements AutoCloseable {
  private final JavaProcess process;
  private final HttpService http;

  private Shop(JavaProcess process, HttpService http) {
    this.process = process;
    this.http = http;
  }

  /**
   * Starts one.
   *
   * @param application the folder that the build of Quarkus makes
   * @param name of its log
   */
  static Shop start(Path application, String name, Map<String, String> variables) {
    int port = LocalServer.freePort();
    JavaProcess process =
        program(application, name, variables)
            .options("-Dquarkus.http.port=" + port)
            .readyWhen(started -> started.log().contains("Listening on"))
            .started();
    return new Shop(process, new HttpService(port));
  }

  /** Describes the program of an application. */
  static JavaProcess program(Path application, String name, Map<String, String> variables) {
    return new JavaProcess(QuarkusTest.FOLDER.resolve(name + ".log"), variables)
        .quick(192)
        .jar(application.resolve("quarkus-run.jar").toAbsolutePath());
  }

  HttpService http() {
    return http;
  }

  String log() {
    return process.log();
  }

  @Override
  public void close() {
    process.stop();
  }
}
