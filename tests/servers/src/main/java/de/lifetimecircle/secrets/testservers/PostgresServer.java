package de.lifetimecircle.secrets.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL with a cluster of its own, which asks for passwords by SCRAM. Safe for use by
 * several threads.
 */
public final class PostgresServer implements AutoCloseable {
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
  private static final String PASSWORD = UUID.randomUUID().toString();
  private static @Nullable Path model;

  private final LocalServer server;
  private final Path data;
  private final int port;

  private PostgresServer(LocalServer server, Path data, int port) {
    this.server = server;
    this.data = data;
    this.port = port;
  }

  /**
   * Makes a cluster and starts it. It refuses to run as root, so the user {@code postgres} runs it
   * then.
   *
   * @throws IllegalStateException if it is not installed or does not start; says what to do
   */
  public static PostgresServer start() {
    Path programs = programs();
    try {
      for (int attempt = 1; ; attempt++) {
        Path data = ownFolder();
        try {
          return start(programs, data, LocalServer.freePort());
        } catch (IllegalStateException e) {
          if (attempt == 3) { // another process may have taken the port in between
            throw e; // it names the log in the folder
          }
          remove(data);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start PostgreSQL", e);
    }
  }

  private static PostgresServer start(Path programs, Path data, int port) throws IOException {
    Path model = model(programs);
    Path cluster = data.resolve("cluster");
    run(data, List.of("cp", "-R", model.toString(), cluster.toString()));
    List<String> command = new ArrayList<>(asOwner());
    command.addAll(
        List.of(
            programs.resolve("postgres").toString(),
            "-D",
            cluster.toString(),
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
    return new PostgresServer(server, data, port);
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

  /**
   * Returns the cluster that each server of this JVM begins as, and that none runs on: to make one
   * takes a second of processor time, to copy it a tenth.
   */
  @OutsideTheRules // The shutdown hook: no other code knows when the last server has begun.
  private static synchronized Path model(Path programs) throws IOException {
    if (model == null) {
      Path folder = ownFolder();
      Path passwordFile = Files.writeString(folder.resolve("password"), PASSWORD);
      if (isRoot()) {
        Files.setOwner(passwordFile, Files.getOwner(folder));
      }
      Path cluster = folder.resolve("cluster");
      run(
          folder,
          List.of(
              programs.resolve("initdb").toString(),
              "--auth=scram-sha-256",
              "--username=postgres",
              "--pwfile=" + passwordFile,
              "--no-sync",
              "--pgdata=" + cluster));
      Files.delete(passwordFile);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder), "remove-" + folder));
      model = cluster;
    }
    return model;
  }

  /** A folder of the user that runs the server. */
  private static Path ownFolder() throws IOException {
    Path folder = Files.createTempDirectory("secrets-postgres");
    if (isRoot()) {
      Files.setOwner(
          folder,
          folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres"));
    }
    return folder;
  }

  private static List<String> asOwner() {
    return isRoot()
        ? List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups")
        : List.of();
  }

  private static void run(Path folder, List<String> program) throws IOException {
    List<String> command = new ArrayList<>(asOwner());
    command.addAll(program);
    String name = Path.of(program.get(0)).getFileName().toString();
    Path log = folder.resolve(name + ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (!process.waitFor(Duration.ofMinutes(1).toMillis(), TimeUnit.MILLISECONDS)
          || process.exitValue() != 0) {
        throw new IllegalStateException(name + " failed; see " + log);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while a cluster is made", e);
    }
  }

  /** The port on which it listens, on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** The password of its administrator, {@code postgres}; all servers of this JVM have it. */
  public String password() {
    return PASSWORD;
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
    remove(data);
  }

  private static void remove(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
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
