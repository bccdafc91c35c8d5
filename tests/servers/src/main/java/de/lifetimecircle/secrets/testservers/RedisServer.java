package de.lifetimecircle.secrets.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A real Redis that asks for a password and keeps nothing on disk. Safe for use by several threads.
 */
public final class RedisServer implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/bin/redis-server");

  private final LocalServer server;
  private final Path folder;
  private final int port;
  private final String password;

  private RedisServer(LocalServer server, Path folder, int port, String password) {
    this.server = server;
    this.folder = folder;
    this.port = port;
    this.password = password;
  }

  /**
   * Starts a server on a free port.
   *
   * @throws IllegalStateException if it is not installed or does not start; says what to do
   */
  public static RedisServer start() {
    return start(LocalServer.freePort(), UUID.randomUUID().toString());
  }

  /** Starts another server in the place of this one, which must be closed. */
  public RedisServer startAgain() {
    return start(port, password);
  }

  private static RedisServer start(int port, String password) {
    if (!Files.isExecutable(PROGRAM)) {
      throw new IllegalStateException(
          "Redis is not installed. Run ./verify, or: apt-get install redis-server");
    }
    try {
      Path folder = Files.createTempDirectory("secrets-redis");
      // In a file, since every user can list arguments.
      Path settings =
          Files.writeString(
              folder.resolve("redis.conf"),
              "bind 127.0.0.1\nport "
                  + port
                  + "\nrequirepass "
                  + password
                  + "\nsave \"\"\nappendonly no\ndir "
                  + folder
                  + "\n");
      LocalServer server =
          LocalServer.start(
              List.of(PROGRAM.toString(), settings.toString()),
              Map.of(),
              folder,
              s -> LocalServer.listens(port));
      return new RedisServer(server, folder, port, password);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start Redis", e);
    }
  }

  /** The port on which it listens, on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** Returns its URL, with the password. */
  public String url() {
    return "redis://:" + password + "@127.0.0.1:" + port;
  }

  /** Ends it and removes its folder. */
  @Override
  public void close() {
    server.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove the folder of Redis", e);
    }
  }

  /** Shows the port, not the password. */
  @Override
  public String toString() {
    return "RedisServer[127.0.0.1:" + port + "]";
  }
}
