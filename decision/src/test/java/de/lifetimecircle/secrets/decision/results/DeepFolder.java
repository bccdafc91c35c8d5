package de.lifetimecircle.secrets.decision.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder so deep that the path of a file in it is allowed, and the longer one of a draft beside
 * that file is not: so the system itself refuses a write, also for root.
 */
public final class DeepFolder {
  private static final int LONGEST = 4095;
  private static final int FILE = 25;
  private static final int SEGMENT = 100;

  private DeepFolder() {}

  /** Makes the folder. */
  public static Path below(Path folder) throws IOException {
    Path deep = folder;
    for (int left = LONGEST - FILE - length(deep); left > 1; left = LONGEST - FILE - length(deep)) {
      deep = deep.resolve("d".repeat(Math.min(SEGMENT, left - 1)));
    }
    return Files.createDirectories(deep);
  }

  private static int length(Path path) {
    return path.toString().length();
  }
}
