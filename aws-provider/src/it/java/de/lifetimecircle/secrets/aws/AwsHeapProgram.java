package de.lifetimecircle.secrets.aws;

import de.lifetimecircle.secrets.SecretProvider;
import de.lifetimecircle.secrets.testservers.HeapDump;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A program that reads a secret, its successor after a rotation, and closes; and dumps its heap
 * while it is open and after. Its arguments are the endpoint, a folder for the dumps, and a text
 * that it holds.
 */
final class AwsHeapProgram {
  /** What a search must find. */
  private static byte[] planted = {};

  private AwsHeapProgram() {}

  /** Runs it. */
  public static void main(String... arguments) throws IOException {
    Path folder = Path.of(arguments[1]);
    // Not as the argument's text has it, so that only this one is found.
    planted = new StringBuilder(arguments[2]).reverse().toString().getBytes(StandardCharsets.UTF_8);
    SecretProvider provider = open(arguments[0]);
    read(provider);
    HeapDump.write(folder.resolve("open.hprof"));
    provider.close();
    provider = null;
    HeapDump.write(folder.resolve("closed.hprof"));
    System.out.println("planted " + planted.length);
  }

  private static SecretProvider open(String endpoint) {
    return SecretProvider.builder()
        .environment(Map.of())
        .backend("aws")
        .set("aws.region", "eu-central-1")
        .set("aws.endpoint", endpoint)
        .set("aws.access-key-id", "AKIAQ7ZJ2LR9XWT4BN8S")
        .set("aws.secret-access-key", "of no account")
        .build();
  }

  /** On this thread, as a reader of a cold name does. */
  private static void read(SecretProvider provider) {
    int first = provider.get(AwsFake.NAME).value().size();
    var unused = refresh(provider);
    System.gc(); // nobody can read the first any more: the next load overwrites it
    LockSupport.parkNanos(2_000_000_000L); // the collector tells of it a moment later
    int second = refresh(provider);
    System.out.println("read " + first + " and " + second);
  }

  private static int refresh(SecretProvider provider) {
    return provider.refresh(AwsFake.NAME).value().size();
  }
}
