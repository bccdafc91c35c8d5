package de.lifetimecircle.secrets.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A real OpenBao server in its development mode: in memory, unsealed, with TLS and with its audit
 * device on.
 *
 * <p>Holds KV version 2 at {@code secret/}. Safe for use by several threads.
 */
public final class OpenBaoServer implements AutoCloseable {
  private static final String IMAGE = "openbao/openbao:2.7.2";
  private static final String PROGRAM = "openbao/bao";
  private static final int IMAGE_PORT = 8200;
  private static final String READY = "Development mode should NOT be used";
  private static final String CA = "vault-ca.pem";
  private static final String AUDIT = "audit.log";

  private final AutoCloseable running;
  private final URI uri;
  private final String rootToken;
  private final Path folder;

  private OpenBaoServer(AutoCloseable running, URI uri, String rootToken, Path folder) {
    this.running = running;
    this.uri = uri;
    this.rootToken = rootToken;
    this.folder = folder;
  }

  /**
   * Starts it: in a container where a Docker API answers and has the image, else as a local
   * program.
   *
   * @param folder for its certificates and its logs
   * @throws IllegalStateException if it is not installed or does not start; says what to do
   */
  public static OpenBaoServer start(Path folder) {
    return ContainerServers.isAvailable(IMAGE) ? container(folder) : local(folder);
  }

  /**
   * Starts it in a container.
   *
   * @throws IllegalStateException if no Docker API answers or it has no such image
   */
  public static OpenBaoServer container(Path folder) {
    String token = UUID.randomUUID().toString();
    ContainerServers.Running container =
        ContainerServers.start(
                IMAGE,
                IMAGE_PORT,
                setup ->
                    setup
                        .file("/tmp/audit.hcl", audit("/tmp/" + AUDIT))
                        .environment(environment(token))
                        .ready(READY)
                        .command(arguments("/tmp", "0.0.0.0:" + IMAGE_PORT)))
            .orElseThrow(
                () -> new IllegalStateException("No Docker API answers that has " + IMAGE));
    container.copy("/tmp/" + CA, folder.resolve(CA));
    return new OpenBaoServer(container, container.uri("https"), token, folder);
  }

  /**
   * Starts it as a local program, which can reach other servers on loopback.
   *
   * @param folder for its certificates and its logs
   * @throws IllegalStateException if it is not installed or does not start; says what to do
   */
  public static OpenBaoServer local(Path folder) {
    Path program = LocalServer.require(PROGRAM);
    String token = UUID.randomUUID().toString();
    int port = LocalServer.freePort();
    try {
      Files.writeString(folder.resolve("audit.hcl"), audit(folder.resolve(AUDIT).toString()));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the configuration of the server", e);
    }
    List<String> command = new java.util.ArrayList<>(List.of(program.toString()));
    command.addAll(arguments(folder.toString(), "127.0.0.1:" + port));
    LocalServer server =
        LocalServer.start(command, environment(token), folder, started -> started.wrote(READY));
    return new OpenBaoServer(server, URI.create("https://127.0.0.1:" + port), token, folder);
  }

  private static List<String> arguments(String folder, String address) {
    return List.of(
        "server",
        "-dev",
        "-dev-tls",
        "-dev-tls-cert-dir=" + folder,
        "-dev-listen-address=" + address,
        "-dev-no-store-token",
        "-config=" + folder + "/audit.hcl");
  }

  /** By the environment, since every user of a machine can read arguments. */
  private static Map<String, String> environment(String token) {
    return Map.of("BAO_DEV_ROOT_TOKEN_ID", token);
  }

  private static String audit(String file) {
    return "audit \"file\" \"main\" {\n  options {\n    file_path = \"" + file + "\"\n  }\n}\n";
  }

  /** Where it listens. */
  public URI uri() {
    return uri;
  }

  /** The token that may do everything. */
  public String rootToken() {
    return rootToken;
  }

  /** Returns the calls of the root token's owner. */
  public VaultCalls calls() {
    return new VaultCalls(uri, Optional.of(caFile()), rootToken);
  }

  /** The certificate of the authority that issued the server's. */
  public Path caFile() {
    return folder.resolve(CA);
  }

  /** Every request and every answer, one document of JSON a line; values are hashed. */
  public List<String> auditLog() {
    try {
      if (running instanceof ContainerServers.Running container) {
        container.copy("/tmp/" + AUDIT, folder.resolve(AUDIT));
      }
      return Files.readAllLines(folder.resolve(AUDIT));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the audit log", e);
    }
  }

  /** Ends it. */
  @Override
  public void close() {
    LocalServer.end(running);
  }

  /** Shows the address, not the token. */
  @Override
  public String toString() {
    return "OpenBaoServer[" + uri + "]";
  }
}
