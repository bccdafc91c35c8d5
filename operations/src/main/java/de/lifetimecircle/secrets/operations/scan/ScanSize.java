package de.lifetimecircle.secrets.operations.scan;

import de.lifetimecircle.secrets.SecretException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Counts beforehand what a scan will read, for a person who wants to know how long it takes.
 * Reports no failure: the scan itself meets it again. Stateless.
 */
final class ScanSize {
  private ScanSize() {}

  /** Returns the number of files; those that git has packed are not scanned as files. */
  static long files(Path start) {
    try (Stream<Path> paths = Files.walk(start)) {
      return paths.filter(ScanSize::isScanned).count();
    } catch (IOException | UncheckedIOException e) {
      return 0; // unknown
    }
  }

  private static boolean isScanned(Path path) {
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    for (Path folder = path.getParent(); folder != null; folder = folder.getParent()) {
      if (folder.endsWith("objects") && FileWalk.isObjects(folder)) {
        return false;
      }
    }
    return true;
  }

  /** Returns the number of objects that the repository of a path has, also unreachable ones. */
  static long objects(Path path) {
    try {
      return GitProgram.in(path).lines("count the objects", "count-objects", "-v").stream()
          .filter(line -> line.startsWith("count: ") || line.startsWith("in-pack: "))
          .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
          .sum();
    } catch (SecretException | NumberFormatException e) {
      return 0; // unknown
    }
  }
}
