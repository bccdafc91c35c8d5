package de.lifetimecircle.secrets.it.boot;

import de.lifetimecircle.secrets.spi.Json;
import de.lifetimecircle.secrets.testkit.TestAuthority;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;

/** The application as a process of its own, and a client of it. */
final class Service implements AutoCloseable {
  private static final Pattern PORT =
      Pattern.compile("Tomcat started on ports? (\\d+) \\((https?)\\)");

  private final Process process;
  private final Path log;
  private final TestAuthority authority;
  private final HttpClient http;
  private int port;
  private String scheme = "https";

  private Service(Process process, Path log, TestAuthority authority) {
    this.process = process;
    this.log = log;
    this.authority = authority;
    this.http =
        HttpClient.newBuilder()
            .sslContext(authority.client())
            .connectTimeout(Duration.ofSeconds(10))
            .build();
  }

  /** Starts the jar; the caller waits for it. */
  static Service launch(
      Path jar,
      Path log,
      TestAuthority authority,
      Map<String, String> variables,
      List<String> options,
      List<String> arguments)
      throws IOException {
    return launch(
        List.of("-jar", jar.toString()), log, authority, variables, options, arguments);
  }

  /** Starts the program that these words name to {@code java}. */
  static Service launch(
      List<String> program,
      Path log,
      TestAuthority authority,
      Map<String, String> variables,
      List<String> options,
      List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(options);
    command.addAll(program);
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SECRETS_"));
    builder.environment().putAll(variables);
    return new Service(builder.start(), log, authority);
  }

  /** Waits until it listens. */
  Service started() throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (true) {
      Matcher line = PORT.matcher(Files.readString(log));
      if (line.find()) {
        port = Integer.parseInt(line.group(1));
        scheme = line.group(2);
        return this;
      }
      if (process.waitFor(50, TimeUnit.MILLISECONDS) || System.nanoTime() - end > 0) {
        throw new IllegalStateException("The service does not start:\n" + Files.readString(log));
      }
    }
  }

  /** Waits until it ends by itself, and returns its exit code. */
  int ended() throws InterruptedException {
    if (!process.waitFor(90, TimeUnit.SECONDS)) {
      throw new IllegalStateException("The service does not end; see " + log);
    }
    return process.exitValue();
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  long pid() {
    return process.pid();
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(scheme + "://localhost:" + port + path))
            .timeout(Duration.ofSeconds(20))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  Map<?, ?> json(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer = get(path);
    if (answer.statusCode() != 200 || !(Json.parse(answer.body()) instanceof Map<?, ?> object)) {
      throw new IllegalStateException(path + " answers " + answer.statusCode());
    }
    return object;
  }

  /** The certificate that a new connection sees; one of the old ones would resume its session. */
  X509Certificate certificate() throws IOException {
    try (SSLSocket socket =
        (SSLSocket) authority.client().getSocketFactory().createSocket("localhost", port)) {
      socket.setSoTimeout(10_000);
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
