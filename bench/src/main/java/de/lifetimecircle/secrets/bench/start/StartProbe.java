package de.lifetimecircle.secrets.bench.start;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The process that is measured: an empty one, or one that reads a secret. All load this class, so
 * that they differ in the secret only.
 */
public final class StartProbe {
  private StartProbe() {}

  /**
   * Does it, and prints the most memory it held, in kilobytes, when asked.
   *
   * @param args {@code empty}, {@code provider} of a store in memory, {@code open} of the
   *     configured store, or {@code aws} or {@code vault} for a backend's own client; then {@code
   *     memory} where it is asked for
   * @throws Exception if nothing can be read
   */
  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "empty" -> {}
      case "provider" -> FirstSecret.read();
      case "open" -> FirstSecret.open();
      case "aws" -> OfficialClients.aws(FirstSecret.NAME);
      case "vault" -> OfficialClients.vault(FirstSecret.NAME);
      default -> throw new IllegalArgumentException("Probe: " + args[0]);
    }
    if (args.length > 1) {
      System.out.print(peak());
    }
  }

  /** Linux's own count, read at the end, when the cost of reading it is the same for both. */
  private static String peak() throws IOException {
    try (InputStream in = new FileInputStream("/proc/self/status")) {
      String status = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      String key = "VmHWM:";
      int from = status.indexOf(key) + key.length();
      return status.substring(from, status.indexOf("kB", from)).strip();
    }
  }
}
