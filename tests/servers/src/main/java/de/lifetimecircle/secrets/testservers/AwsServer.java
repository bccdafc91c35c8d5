package de.lifetimecircle.secrets.testservers;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A stand-in for AWS Secrets Manager, run as its own program. There are two, written independently
 * of each other, which deviate from the service in different places.
 *
 * <p>Takes any credentials. Safe for use by several threads.
 */
public final class AwsServer implements AutoCloseable {
  /** Which stand-in. */
  public enum Program {
    /** moto, {@code moto_server}. */
    MOTO("moto/bin/moto_server", "motoserver/moto:5.2.5", 5000, "/moto-api/reset"),
    /** ministack. */
    MINISTACK(
        "ministack/bin/ministack", "ministackorg/ministack:1.5.33", 4566, "/_ministack/reset");

    private final String path;
    private final String image;
    private final int imagePort;
    private final String reset;

    Program(String path, String image, int imagePort, String reset) {
      this.path = path;
      this.image = image;
      this.imagePort = imagePort;
      this.reset = reset;
    }

    private List<String> command(Path program, int port) {
      return this == MOTO
          ? List.of(program.toString(), "-H", "127.0.0.1", "-p", String.valueOf(port))
          : List.of(program.toString());
    }

    /** Without an address of its own ministack listens on all of them. */
    private Map<String, String> environment(int port) {
      return this == MOTO
          ? Map.of()
          : Map.of("BIND_HOST", "127.0.0.1", "GATEWAY_PORT", String.valueOf(port));
    }
  }

  private final Program program;
  private final AutoCloseable running;
  private final URI uri;
  private final HttpClient http = HttpClient.newHttpClient();

  private AwsServer(Program program, AutoCloseable running, URI uri) {
    this.program = program;
    this.running = running;
    this.uri = uri;
  }

  /**
   * Starts it: in a container where a Docker API answers and has the image, else as a local
   * program.
   *
   * @param folder for its log
   * @throws IllegalStateException if it is not installed or does not start; says what to do
   */
  public static AwsServer start(Program program, Path folder) {
    return ContainerServers.start(program.image, program.imagePort, container -> {})
        .map(c -> new AwsServer(program, c, c.uri("http")))
        .orElseGet(() -> local(program, folder));
  }

  private static AwsServer local(Program program, Path folder) {
    Path file = LocalServer.require(program.path);
    int port = LocalServer.freePort();
    URI uri = URI.create("http://127.0.0.1:" + port);
    LocalServer server =
        LocalServer.start(
            program.command(file, port),
            program.environment(port),
            folder,
            started -> LocalServer.listens(port));
    return new AwsServer(program, server, uri);
  }

  /** Where it listens. */
  public URI uri() {
    return uri;
  }

  /** Forgets everything it holds. */
  public void reset() {
    try {
      HttpResponse<Void> answer =
          http.send(
              HttpRequest.newBuilder(uri.resolve(program.reset))
                  .timeout(Duration.ofSeconds(20))
                  .POST(HttpRequest.BodyPublishers.noBody())
                  .build(),
              HttpResponse.BodyHandlers.discarding());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException("reset: " + answer.statusCode() + " (expected: 200)");
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("Cannot reset " + program, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while resetting " + program, e);
    }
  }

  /** Ends it. */
  @Override
  public void close() {
    LocalServer.end(running);
  }
}
