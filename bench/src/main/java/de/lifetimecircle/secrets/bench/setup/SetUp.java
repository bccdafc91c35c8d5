package de.lifetimecircle.secrets.bench.setup;

import de.lifetimecircle.secrets.bench.MeasuredProgram;
import de.lifetimecircle.secrets.bench.WholeFolders;
import de.lifetimecircle.secrets.decision.results.ResultText;
import de.lifetimecircle.secrets.testservers.Backend;
import de.lifetimecircle.secrets.testservers.LocalServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Walks from nothing to the first secret by the steps of the documents, as processes of their own.
 * The values are random and are shown nowhere. Not thread-safe.
 */
public abstract sealed class SetUp permits SetUp.OfFiles, SetUp.OfOpenBao {
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
      WholeFolders.delete(folder);
    }
  }

  /** Runs one command to its end; what it prints is dropped, since it may be a value. */
  static void command(Map<String, String> environment, String input, List<String> command)
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

  private static int code(Map<String, String> environment, String input, List<String> command)
      throws IOException {
    try {
      return MeasuredProgram.of(command).in(environment).quiet().ended(input).code();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
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
      Map<String, String> environment = Backend.files(folder).environment();
      String secrets = launcher.toString();
      command(
          environment,
          "",
          List.of(secrets, "generate", "LTC_SECRET_KEY", "--type", "hex", "--bytes", "32"));
      command(environment, "", List.of(secrets, "get", "LTC_SECRET_KEY"));
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
      String address = "127.0.0.1:" + LocalServer.freePort();
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
          MeasuredProgram.of(
                  List.of(
                      program,
                      "server",
                      "-dev",
                      "-dev-no-store-token",
                      "-dev-listen-address=" + address))
              .in(environment)
              .quiet()
              .start();
      try {
        int tries = 0;
        while (code(environment, "", List.of(program, "status")) != 0) {
          if (++tries == TRIES || !server.isAlive()) {
            throw new IOException("Cannot set up: the server of " + bao + " does not answer");
          }
        }
        command(
            environment,
            "",
            List.of(program, "secrets", "enable", "-path=ltc", "-version=2", "kv"));
        command(environment, value(), List.of(program, "kv", "put", "ltc/KEY", "value=-"));
        command(environment, "", List.of(program, "kv", "get", "-field=value", "ltc/KEY"));
      } finally {
        server.destroyForcibly().onExit().join();
      }
    }
  }
}
