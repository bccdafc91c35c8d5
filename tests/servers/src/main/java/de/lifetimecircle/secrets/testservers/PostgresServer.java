package de.lifetimecircle.secrets.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real PostgreSQL with a cluster of its own, which asks for passwords by SCRAM. Safe for use by
 * several threads.
 */
public final class PostgresServer implements AutoCloseable {
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

  private final LocalServer server;
  private final Path data;
  private final int port;
  private final String password;

  private PostgresServer(LocalServer server, Path data, int port, String password) {
    this.server = server;
    this.data = data;
    this.port = port;
    this.password = password;
  }

  /**
   * Makes a cluster and starts it. It refuses to run as root, so the user {@code postgres} runs it
   * then.
   *
   * @throws IllegalStateException if it is not installed or does not start; says what to do
   */
  public static PostgresServer start() {
    Path programs = programs();
    String password = UUID.randomUUID().toString();
    int port = LocalServer.freePort();
    try {
      Path data = Files.createTempDirectory("secrets-postgres");
      Path passwordFile = Files.writeString(data.resolve("password"), password);
      List<String> as = List.of();
      if (isRoot()) {
        UserPrincipal owner =
            data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres");
        Files.setOwner(data, owner);
        Files.setOwner(passwordFile, owner);
        as = List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups");
      }
      initialise(as, programs, data, passwordFile);
      Files.delete(passwordFile);
      List<String> command = new ArrayList<>(as);
      command.addAll(
          List.of(
              programs.resolve("postgres").toString(),
              "-D",
              data.resolve("cluster").toString(),
              "-p",
              String.valueOf(port),
              "-c",
              "listen_addresses=127.0.0.1",
              "-c",
              "fsync=off",
              "-k",
              data.toString()));
      LocalServer server =
          LocalServer.start(command, Map.of(), data, s -> s.wrote("ready to accept connections"));
      return new PostgresServer(server, data, port, password);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start PostgreSQL", e);
    }
  }

  private static boolean isRoot() {
    return System.getProperty("user.name", "").equals("root");
  }

  private static Path programs() {
    try (Stream<Path> versions =
        Files.isDirectory(DEBIAN) ? Files.list(DEBIAN) : Stream.<Path>empty()) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Path::compareTo)
          .orElseThrow(
              () ->
                  new IllegalStateException(
                      "PostgreSQL is not installed. Run ./verify, or: apt-get install postgresql"));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look for PostgreSQL", e);
    }
  }

  private static void initialise(List<String> as, Path programs, Path data, Path passwordFile)
      throws IOException {
    List<String> command = new ArrayList<>(as);
    command.addAll(
        List.of(
            programs.resolve("initdb").toString(),
            "--auth=scram-sha-256",
            "--username=postgres",
            "--pwfile=" + passwordFile,
            "--no-sync",
            "--pgdata=" + data.resolve("cluster")));
    Path log = data.resolve("initdb.log");
    Process initdb =
        new ProcessBuilder(command)
            .directory(data.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (!initdb.waitFor(Duration.ofMinutes(1).toMillis(), TimeUnit.MILLISECONDS)
          || initdb.exitValue() != 0) {
        throw new IllegalStateException("initdb failed; see " + log);
      }
    } catch (InterruptedException e) {
      initdb.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while a cluster is made", e);
    }
  }

  /** The port on which it listens, on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** The password of its administrator, {@code postgres}. */
  public String password() {
    return password;
  }

  /** Returns the content of the server's log. */
  public String log() {
    try (Stream<Path> files = Files.list(data)) {
      StringBuilder text = new StringBuilder();
      for (Path log : files.filter(file -> file.toString().endsWith(".log")).sorted().toList()) {
        text.append(Files.readString(log));
      }
      return text.toString();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the log of PostgreSQL", e);
    }
  }

  /** Ends it and removes its cluster. */
  @Override
  public void close() {
    server.close();
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove the cluster of PostgreSQL", e);
    }
  }

  /** Shows the port, not the password. */
  @Override
  public String toString() {
    return "PostgresServer[127.0.0.1:" + port + "]";
  }
}
