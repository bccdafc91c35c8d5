package de.lifetimecircle.secrets.applications;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Folders of a run of tests, below {@code target/run}; the next run empties them. Stateless. */
public final class Folders {
  private static final Path RUN = Path.of("target", "run").toAbsolutePath();

  private Folders() {}

  /** Returns an empty folder of that name. */
  public static Path empty(String name) {
    Path folder = RUN.resolve(name);
    try {
      if (Files.exists(folder)) {
        for (Path file : files(folder, Comparator.reverseOrder())) {
          Files.delete(file);
        }
      }
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make the folder " + folder, e);
    }
  }

  /** Writes a file of settings; returns it. */
  public static Path settings(Path file, Map<String, String> settings) {
    try {
      Files.createDirectories(file.getParent());
      return Files.write(
          file, settings.entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()).toList());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
  }

  private static List<Path> files(Path folder, Comparator<Path> order) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.sorted(order).toList();
    }
  }

  /** Returns the text of the files whose name matches, each behind its name. */
  public static String text(Path folder, String pattern) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Path file : files(folder, Comparator.naturalOrder())) {
      if (Files.isRegularFile(file) && file.getFileName().toString().matches(pattern)) {
        text.append(file).append('\n').append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return text.toString();
  }
}
