package de.lifetimecircle.secrets.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A server program that a test started: runs on a free port of loopback until it is closed, and is
 * stopped by its process id.
 *
 * <p>The programs are installed by {@code ./verify} into the folder {@code .servers} of the
 * project. Safe for use by several threads.
 */
public final class LocalServer implements AutoCloseable {
  /**
   * Servers in Python answer after 2 to 6 s; on a loaded machine their first start compiles, too.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final Duration STOPPING = Duration.ofSeconds(10);
  private static final String FOLDER = ".servers";

  private final Process process;
  private final Path log;
  private final Thread atExit;

  private LocalServer(Process process, Path log) {
    this.process = process;
    this.log = log;
    // A test run that is cut off must not leave the server behind.
    this.atExit = new Thread(process::destroyForcibly, "stop-" + process.pid());
  }

  /**
   * Finds a program that {@code ./verify} installs.
   *
   * @param program its path below the folder of the servers
   * @return empty where it is not installed; the caller then says so by name
   */
  public static Optional<Path> find(String program) {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      Path file = folder.resolve(FOLDER).resolve(program);
      if (Files.isExecutable(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /**
   * Finds a program that {@code ./verify} installs.
   *
   * @throws IllegalStateException if it is not installed; says what to do
   */
  static Path require(String program) {
    return find(program)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "Cannot start "
                        + program
                        + ": it is not installed. Run ./verify, which installs it, or start a"
                        + " Docker engine"));
  }

  /** Returns whether a program listens on that port of loopback. */
  public static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** Ends the running process. */
  static void end(AutoCloseable running) {
    try {
      running.close();
    } catch (Exception e) {
      throw new IllegalStateException("Cannot stop a server", e);
    }
  }

  /**
   * A port of loopback that was free a moment ago. It is below those that the system gives to
   * whoever asks for any, so that no test beside this one gets it before the server has started.
   */
  public static int freePort() {
    for (int left = 100; ; left--) {
      int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        if (left == 0) {
          throw new UncheckedIOException("Cannot find a free port", e);
        }
      }
    }
  }

  /**
   * Starts a program and waits until it answers.
   *
   * @param command the program and its arguments; no secret, since every user can list them
   * @param environment variables added to our own environment
   * @param folder where it runs and writes its log
   * @param answers whether it answers by now; asked again and again
   * @throws IllegalStateException if it ends or does not answer within three minutes; names the log
   */
  @OutsideTheRules // The shutdown hook: the process that a test started has to end with it.
  public static LocalServer start(
      List<String> command,
      Map<String, String> environment,
      Path folder,
      Predicate<LocalServer> answers) {
    Path log = folder.resolve(Path.of(command.get(0)).getFileName() + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().putAll(environment);
    try {
      LocalServer server = new LocalServer(builder.start(), log);
      Runtime.getRuntime().addShutdownHook(server.atExit);
      server.await(answers);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start " + command.get(0), e);
    }
  }

  private void await(Predicate<LocalServer> answers) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!answers.test(this)) {
      boolean ended = ended(Duration.ofMillis(50));
      if (ended || System.nanoTime() - end > 0) {
        close();
        throw new IllegalStateException(
            "The server " + (ended ? "ended" : "does not answer") + "; see " + log);
      }
    }
  }

  private boolean ended(Duration wait) {
    try {
      return process.waitFor(wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw new IllegalStateException("Interrupted while a server starts", e);
    }
  }

  /** The id of its process. */
  public long pid() {
    return process.pid();
  }

  /** Whether it has written that text by now. */
  boolean wrote(String text) {
    try {
      return Files.readString(log).contains(text);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + log, e);
    }
  }

  /** Ends the process, by force if it does not listen, and waits until it is gone. */
  @Override
  @OutsideTheRules
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOPPING.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The process of the tests is ending already; the hook has run or is about to.
    }
  }
}
