package de.lifetimecircle.secrets.operations.wiring;

import de.lifetimecircle.secrets.operations.files.PrivateFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A process that writes a private file and is killed meanwhile. Its arguments: the file and the
 * canary that its content begins with.
 */
final class KilledWriter {
  /** Takes longer to reach the disk than a parent takes to see that it is being written. */
  static final int SIZE = 64 << 20;

  private KilledWriter() {}

  public static void main(String[] args) {
    byte[] content = Arrays.copyOf(args[1].getBytes(StandardCharsets.UTF_8), SIZE);
    PrivateFile.write(Path.of(args[0]), content, PrivateFile.Existing.REPLACED);
  }
}
