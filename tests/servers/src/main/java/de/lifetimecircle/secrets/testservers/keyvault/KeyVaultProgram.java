package de.lifetimecircle.secrets.testservers.keyvault;

import de.lifetimecircle.secrets.spi.OwnerOnlyFiles;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The test vault as a program: starts it, writes the files that a client needs into a folder, and
 * removes them at the end. For one thread.
 */
final class KeyVaultProgram implements AutoCloseable {
  /** The text that {@code --help} prints. */
  static final String HELP =
      """
      Use: java -cp CLASSPATH de.lifetimecircle.secrets.testservers.keyvault.KeyVaultServer --folder DIR [option ...]

      Runs a stand-in for Azure Key Vault's secrets on loopback until it gets SIGTERM or SIGINT.

        --folder DIR            where it writes, for its owner only: ca.pem (trust it), client-secret,
                                and azure.env (source it); removed at the end
        --port N                default: a free one
        --delete-delay TIME     from a delete until the deleted secret shows; default 5s
        --recover-delay TIME    from a recover until the secret shows again; default 12s
        --purge-delay TIME      from a purge until the name is free; default 3s
        --token-lifetime TIME   default 3599s
        --quota N               requests in 10 s before it answers 429; default 4000, as documented
        --rights MODEL          what a refusal says: roles (default) or access-policies
        --help                  this text

      TIME is a number with ms, s or m: 300ms, 12s. Everything is kept in memory and lost at the end.
      """;

  private final KeyVaultServer server;
  private final Path folder;

  private KeyVaultProgram(KeyVaultServer server, Path folder) {
    this.server = server;
    this.folder = folder.toAbsolutePath();
  }

  /**
   * Starts the server that the arguments describe.
   *
   * @throws IllegalArgumentException for wrong ones; the message gives the expected form
   * @throws IOException if the folder cannot be written
   */
  static KeyVaultProgram start(KeyVaultArguments arguments) throws IOException {
    Files.createDirectories(arguments.folder());
    KeyVaultServer server = arguments.builder().start();
    KeyVaultProgram program = new KeyVaultProgram(server, arguments.folder());
    try {
      program.write();
      return program;
    } catch (IOException | RuntimeException e) {
      program.close();
      throw e;
    }
  }

  private Path authority() {
    return folder.resolve("ca.pem");
  }

  private Path secret() {
    return folder.resolve("client-secret");
  }

  private Path environment() {
    return folder.resolve("azure.env");
  }

  private void write() throws IOException {
    server.certificates().writePem(folder);
    write(secret(), server.clientSecret());
    String lines =
        line("VAULT_URL", quoted("" + server.uri()))
            + line("AUTHORITY", quoted(server.authority() + "/"))
            + line("TENANT_ID", quoted(server.tenantId()))
            + line("CLIENT_ID", quoted(server.clientId()))
            + line("CLIENT_SECRET", "\"$(cat " + quoted("" + secret()) + ")\"")
            + line("CACERT", quoted("" + authority()));
    write(environment(), lines);
  }

  private static String line(String name, String value) {
    return "export SECRETS_TEST_AZURE_" + name + "=" + value + "\n";
  }

  /**
   * Quotes a text for a POSIX shell: a quote closes the text, follows escaped, and opens the text
   * again.
   */
  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  private static void write(Path file, String text) throws IOException {
    OwnerOnlyFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Says where it is and how to use it. */
  void announce(PrintStream out) {
    out.println("Key Vault test server: " + server.uri());
    out.println("For its clients:       . " + quoted("" + environment()));
  }

  KeyVaultServer server() {
    return server;
  }

  @Override
  public void close() {
    server.close();
    for (Path file : new Path[] {authority(), secret(), environment()}) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException ignored) {
        // The file is of no use without the server; the next start replaces it.
      }
    }
  }
}
