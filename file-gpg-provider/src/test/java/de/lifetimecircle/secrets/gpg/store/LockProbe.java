package de.lifetimecircle.secrets.gpg.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Another process that says whether it would get a lock: exit code 0, or 1 if it would not. */
public final class LockProbe {
  private LockProbe() {}

  /** Arguments: the file, and whether a shared lock would do. */
  public static void main(String[] arguments) throws Exception {
    boolean shared = Boolean.parseBoolean(arguments[1]);
    try (FileChannel channel =
        FileChannel.open(
            Path.of(arguments[0]), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      System.exit(channel.tryLock(0, Long.MAX_VALUE, shared) == null ? 1 : 0);
    }
  }

  /** Whether another process could lock the file now. */
  public static boolean isFree(Path file) {
    return isFree(file, false);
  }

  /** Whether another process could lock the file now together with other readers. */
  public static boolean isFreeForReaders(Path file) {
    return isFree(file, true);
  }

  private static boolean isFree(Path file, boolean shared) {
    int code;
    try {
      code =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  LockProbe.class.getName(),
                  file.toString(),
                  Boolean.toString(shared))
              .inheritIO()
              .start()
              .waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (code > 1) {
      throw new IllegalStateException("the probe ended with " + code);
    }
    return code == 0;
  }
}
