package de.lifetimecircle.secrets.vault;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testservers.HeapDump;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import javax.management.JMException;

/**
 * A program that logs in, reads a secret, its successor after a rotation, and closes; and dumps its
 * heap while it is open and after. Its arguments are the address, a folder for the dumps, a file
 * that holds the secret id, and a text that the program holds.
 */
final class VaultHeapProgram {
  private static final String CLIENT = "jdk.internal.net.http.HttpClientImpl";

  /** What a search must find. */
  private static byte[] planted = {};

  private VaultHeapProgram() {}

  /** Runs it. */
  public static void main(String... arguments) throws IOException, JMException {
    Path folder = Path.of(arguments[1]);
    // Not as the argument's text has it, so that only this one is found.
    planted = new StringBuilder(arguments[3]).reverse().toString().getBytes(StandardCharsets.UTF_8);
    SecretProvider provider = open(arguments[0], arguments[2]);
    read(provider);
    HeapDump.write(folder.resolve("open.hprof"));
    boolean before = HeapDump.holds(CLIENT);
    provider.close();
    System.out.println("client before " + before + ", selecting after the close " + isSelecting());
    provider = null;
    awaitTheClient();
    HeapDump.write(folder.resolve("closed.hprof"));
    System.out.println("planted " + planted.length);
  }

  /**
   * Waits until the collector has taken the JDK's client. The JDK's cleaner holds it until a first
   * collection has found that nobody else does; up to Java 20 its selector thread does so too.
   */
  private static void awaitTheClient() throws JMException {
    for (int i = 0; i < 40 && HeapDump.holds(CLIENT); i++) {
      LockSupport.parkNanos(250_000_000);
    }
    System.out.println("holds the client: " + HeapDump.holds(CLIENT));
  }

  private static boolean isSelecting() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().endsWith("-SelectorManager"));
  }

  private static SecretProvider open(String address, String secretIdFile) {
    return SecretProvider.builder()
        .environment(Map.of())
        .backend("vault")
        .set("vault.address", address)
        .set("vault.auth", "approle")
        .set("vault.role-id", "role")
        .set("vault.secret-id-file", secretIdFile)
        .set("vault.mount", "secret")
        .set("vault.kv-version", "2")
        .build();
  }

  /** On this thread, as a reader of a cold name does. */
  private static void read(SecretProvider provider) {
    int first = provider.get("NAME").value().size();
    var unused = refresh(provider);
    System.gc(); // nobody can read the first any more: the next load overwrites it
    LockSupport.parkNanos(200_000_000); // the collector tells of it a moment later
    int second = refresh(provider);
    System.out.println("read " + first + " and " + second);
  }

  private static int refresh(SecretProvider provider) {
    return provider.refresh("NAME").value().size();
  }
}
