package org.example.metered;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that a test starts, with a page on the loopback interface. */
record LocalProcess(Process process, int port) implements AutoCloseable {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  /** The root of the checkout. */
  static final Path ROOT = Path.of("../../..").toAbsolutePath().normalize();

  static Path tool(String name) {
    Path tool = ROOT.resolve(".servers/alerting/usr/bin").resolve(name);
    if (!Files.isExecutable(tool)) {
      throw new IllegalStateException(name + " is not installed. Run ./verify");
    }
    return tool;
  }

  /** Starts the service with the value of its secret; its log is service.log in the folder. */
  static LocalProcess service(Path folder, String metrics, String value) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                MeteredService.class.getName(),
                metrics)
            .redirectError(folder.resolve("service.log").toFile())
            .start();
    process.getOutputStream().write((value + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    String port =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
            .readLine();
    if (port == null) {
      throw new IOException(
          "The service does not start: " + Files.readString(folder.resolve("service.log")));
    }
    return new LocalProcess(process, Integer.parseInt(port));
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** What a program says, with its exit code in front, given that input. */
  static String run(Path folder, Path input, List<String> command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.redirectErrorStream(true).redirectInput(input.toFile());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() + " " + said;
  }

  String get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build();
    return CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  String query(String expression) throws IOException, InterruptedException {
    return get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
  }

  /** Ends the program by the end of its input, or else by a signal. */
  @Override
  public void close() throws IOException, InterruptedException {
    process.getOutputStream().close();
    if (!process.waitFor(3, TimeUnit.SECONDS)) {
      process.destroy();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }
}
