package de.lifetimecircle.secrets.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Whole folders of files. Stateless. */
public final class WholeFolders {
  private WholeFolders() {}

  /** Copies all with the rights of each, which the store insists on. */
  public static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.toAbsolutePath().getParent());
    for (Path file : everything(from)) {
      Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  /** Deletes all; has no effect where nothing is. */
  public static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    for (Path file : everything(folder).stream().sorted(Comparator.reverseOrder()).toList()) {
      Files.deleteIfExists(file); // what an agent leaves it may remove itself
    }
  }

  /** Returns all paths, a folder before its content. */
  private static List<Path> everything(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.toList();
    }
  }
}
