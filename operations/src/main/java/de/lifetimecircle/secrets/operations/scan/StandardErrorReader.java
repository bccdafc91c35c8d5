package de.lifetimecircle.secrets.operations.scan;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Reads the standard error of a program in a separate thread, so that the program never waits for a
 * reader, and keeps only the beginning.
 */
final class StandardErrorReader {
  private static final int KEPT = 2048;

  private final CompletableFuture<String> text = new CompletableFuture<>();

  private StandardErrorReader() {}

  /** Starts reading; the thread ends with the program. */
  static StandardErrorReader of(Process process) {
    StandardErrorReader complaints = new StandardErrorReader();
    Thread reader = new Thread(() -> complaints.read(process.getErrorStream()), "git-stderr");
    reader.setDaemon(true);
    reader.start();
    return complaints;
  }

  private void read(InputStream in) {
    try (in) {
      byte[] first = in.readNBytes(KEPT);
      in.transferTo(OutputStream.nullOutputStream());
      text.complete(new String(first, StandardCharsets.UTF_8));
    } catch (IOException e) {
      text.complete("(its message cannot be read)");
    }
  }

  /** Returns the line with the reason, else the first one, after the program has ended. */
  String reason() {
    List<String> lines = text.join().lines().map(String::strip).toList();
    return lines.stream()
        .filter(line -> line.startsWith("fatal:"))
        .findFirst()
        .orElse(lines.isEmpty() ? "" : lines.get(0));
  }
}
