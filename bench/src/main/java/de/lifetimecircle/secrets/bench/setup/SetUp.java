package de.lifetimecircle.secrets.bench.setup;

import de.lifetimecircle.secrets.decision.results.ResultText;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Walks from nothing to the first secret by the steps of the documents, as processes of their own.
 * The values are random and are shown nowhere. Not thread-safe.
 */
public abstract sealed class SetUp permits SetUp.OfFiles, SetUp.OfOpenBao {
  private static final int SECONDS = 30;
  private static final int VALUE_BYTES = 32;

  /** The backend. */
  abstract String scheme();

  /** The commands, one for each step. */
  abstract List<ResultText> steps();

  /** The program without which it cannot be walked. */
  abstract Path program();

  /**
   * Does the steps in an empty folder. Blocks.
   *
   * @throws IOException if one of them fails, with the step
   */
  abstract void walk(Path folder) throws IOException;

  /** How long it took; the folder is made before and removed after. */
  Duration measure(Path parent) throws IOException {
    Path folder = Files.createTempDirectory(Files.createDirectories(parent), "set-up");
    try {
      long begun = System.nanoTime();
      walk(folder);
      return Duration.ofNanos(System.nanoTime() - begun);
    } finally {
      remove(folder);
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Runs one command to its end; what it prints is thrown away, since it may be a value. */
  static void command(Map<String, String> environment, @Nullable String input, List<String> command)
      throws IOException {
    int code = code(environment, input, command);
    if (code != 0) {
      throw new IOException(
          "Cannot set up: "
              + Path.of(command.get(0)).getFileName()
              + " "
              + command.get(1)
              + " ended with "
              + code);
    }
  }

  private static int code(
      Map<String, String> environment, @Nullable String input, List<String> command)
      throws IOException {
    Process process = start(environment, command);
    try (OutputStream in = process.getOutputStream()) {
      if (input != null) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      }
    }
    try {
      if (process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        return process.exitValue();
      }
      throw new IOException("Cannot set up: " + command.get(1) + " took over " + SECONDS + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static Process start(Map<String, String> environment, List<String> command)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static String value() {
    byte[] bytes = new byte[VALUE_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Encrypted files, with the command line as the quick start uses it. */
  public static final class OfFiles extends SetUp {
    private final Path launcher;

    OfFiles(Path launcher) {
      this.launcher = launcher;
    }

    @Override
    String scheme() {
      return "gpg";
    }

    @Override
    List<ResultText> steps() {
      return Stream.of("secrets generate", "secrets get").map(ResultText::name).toList();
    }

    @Override
    Path program() {
      return launcher;
    }

    @Override
    void walk(Path folder) throws IOException {
      Map<String, String> environment =
          Map.of(
              "SECRETS_BACKEND", "gpg",
              "SECRETS_GPG_STORE", folder.resolve("store").toString(),
              "SECRETS_GPG_KEY_FILE", folder.resolve("key.pgp").toString());
      String secrets = launcher.toString();
      command(
          environment,
          null,
          List.of(secrets, "generate", "LTC_SECRET_KEY", "--type", "hex", "--bytes", "32"));
      command(environment, null, List.of(secrets, "get", "LTC_SECRET_KEY"));
    }
  }

  /** OpenBao: one server in memory, without TLS. */
  public static final class OfOpenBao extends SetUp {
    private static final int TRIES = 200;

    private final Path bao;

    OfOpenBao(Path bao) {
      this.bao = bao;
    }

    @Override
    String scheme() {
      return "vault";
    }

    @Override
    List<ResultText> steps() {
      return Stream.of("bao server -dev", "bao secrets enable", "bao kv put", "bao kv get")
          .map(ResultText::name)
          .toList();
    }

    @Override
    Path program() {
      return bao;
    }

    @Override
    void walk(Path folder) throws IOException {
      String address = "127.0.0.1:" + freePort();
      String token = value();
      Map<String, String> environment =
          Map.of(
              "BAO_ADDR",
              "http://" + address,
              "BAO_TOKEN",
              token,
              "BAO_DEV_ROOT_TOKEN_ID",
              token,
              "HOME",
              folder.toString());
      String program = bao.toString();
      Process server =
          start(
              environment,
              List.of(
                  program,
                  "server",
                  "-dev",
                  "-dev-no-store-token",
                  "-dev-listen-address=" + address));
      try {
        int tries = 0;
        while (code(environment, null, List.of(program, "status")) != 0) {
          if (++tries == TRIES || !server.isAlive()) {
            throw new IOException("Cannot set up: the server of " + bao + " does not answer");
          }
        }
        command(
            environment,
            null,
            List.of(program, "secrets", "enable", "-path=ltc", "-version=2", "kv"));
        command(environment, value(), List.of(program, "kv", "put", "ltc/KEY", "value=-"));
        command(environment, null, List.of(program, "kv", "get", "-field=value", "ltc/KEY"));
      } finally {
        server.destroyForcibly().onExit().join();
      }
    }

    private static int freePort() throws IOException {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      }
    }
  }
}
