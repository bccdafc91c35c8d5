package de.lifetimecircle.secrets.gpg.store;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Another process that says whether it would get a lock: exit code 0, or 1 if it would not. */
final class LockProbe {
  private LockProbe() {}

  /** Argument: the file. */
  public static void main(String[] arguments) throws Exception {
    try (FileChannel channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE)) {
      System.exit(channel.tryLock() == null ? 1 : 0);
    }
  }

  /** Whether another process could lock the file now. */
  static boolean isFree(Path file) throws Exception {
    int code =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LockProbe.class.getName(),
                file.toString())
            .inheritIO()
            .start()
            .waitFor();
    if (code > 1) {
      throw new IllegalStateException("the probe ended with " + code);
    }
    return code == 0;
  }
}
