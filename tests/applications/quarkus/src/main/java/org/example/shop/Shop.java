package org.example.shop;

import de.lifetimecircle.secrets.testservers.LocalServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The packaged application as a process of its own, and a client of it. */
final class Shop implements AutoCloseable {
  private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

  private final LocalServer server;
  private final String url;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

  private Shop(LocalServer server, String url) {
    this.server = server;
    this.url = url;
  }

  /** Starts the application in the folder, as a process of that name. */
  static Shop start(Path folder, String name, int port, Map<String, String> variables)
      throws IOException {
    Path own = Files.createDirectories(folder.resolve(name));
    List<String> command =
        List.of(
            JAVA, "-Xmx192m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
            "-Dquarkus.http.port=" + port,
            "-jar", folder.resolve("quarkus-app").resolve("quarkus-run.jar").toString());
    LocalServer server =
        LocalServer.start(
            command, variables, own, started -> contains(own.resolve("java.log"), "Listening on"));
    return new Shop(server, "http://127.0.0.1:" + port);
  }

  private static boolean contains(Path log, String text) {
    try {
      return Files.readString(log).contains(text);
    } catch (IOException e) {
      return false;
    }
  }

  /** Runs the build steps of Quarkus on the package; returns the exit code. */
  static int rebuild(Path folder, Map<String, String> variables, List<String> options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(JAVA, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(options);
    command.addAll(
        List.of(
            "-Dquarkus.launch.rebuild=true", "-jar",
            folder.resolve("quarkus-app").resolve("quarkus-run.jar").toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("rebuild.log").toFile());
    builder.environment().putAll(variables);
    return builder.start().waitFor();
  }

  /** The parts of the package, without lib. */
  static List<Path> parts(Path app) throws IOException {
    try (Stream<Path> files = Files.list(app)) {
      return files.filter(each -> !each.endsWith("lib")).toList();
    }
  }

  /** A digest of each file of a folder. */
  static Map<String, String> digests(Path folder) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        digests.put(folder.relativize(file).toString(), HexFormat.of().formatHex(digest));
      }
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    return digests;
  }

  /** Unpacks the jars that the build makes, since a compressed entry shows no text. */
  static Path unpack(Path app, Path to) throws IOException {
    for (Path part : parts(app)) {
      try (Stream<Path> files = Files.walk(part)) {
        for (Path jar : files.filter(each -> each.toString().endsWith(".jar")).toList()) {
          unpackJar(jar, to.resolve(jar.getFileName()));
        }
      }
    }
    return to;
  }

  private static void unpackJar(Path jar, Path to) throws IOException {
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(jar))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (!entry.isDirectory()) {
          Path file = to.resolve(entry.getName());
          Files.createDirectories(file.getParent());
          Files.write(file, in.readAllBytes());
        }
      }
    }
  }

  /** The body of an answer. */
  String get(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer = send(path);
    return answer.statusCode() == 200 ? answer.body() : "status " + answer.statusCode();
  }

  HttpResponse<String> send(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(20)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    server.close();
  }
}
