package de.lifetimecircle.secrets.bench.start;

import de.lifetimecircle.secrets.bench.BenchFigure;
import de.lifetimecircle.secrets.bench.InstantStore;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The jars of a measured process, as a service has them: of a folder the JVM takes no class data.
 * Stateless.
 */
final class ProgramJars {
  private static final List<Class<?>> PROBE =
      List.of(StartProbe.class, FirstSecret.class, InstantStore.class);

  private ProgramJars() {}

  /**
   * Returns the jar of a class. If it comes from a folder, as in a test, all of that folder is put
   * into a jar first.
   *
   * @param folder where such a jar goes
   */
  static Path of(Class<?> type, Path folder) throws IOException, URISyntaxException {
    Path place = place(type);
    if (!Files.isDirectory(place)) {
      return place;
    }
    Path jar = folder.resolve(type.getSimpleName() + ".jar");
    try (Stream<Path> files = Files.walk(place)) {
      write(jar, place, files.filter(Files::isRegularFile).toList());
    }
    return jar;
  }

  /** Returns a jar of the probe, which measured processes run. */
  static Path probe(Path folder) throws IOException, URISyntaxException {
    Path place = place(StartProbe.class);
    Path jar = folder.resolve("probe.jar");
    write(
        jar,
        place,
        PROBE.stream()
            .map(each -> place.resolve(each.getName().replace('.', '/') + ".class"))
            .toList());
    return jar;
  }

  private static Path place(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static void write(Path jar, Path root, List<Path> files) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (Path file : files) {
        out.putNextEntry(new JarEntry(root.relativize(file).toString()));
        out.write(Files.readAllBytes(file));
      }
    }
  }

  /** Returns the second of two figures beside the first, in words. */
  static String beside(List<Double> pair) {
    return String.format(
        Locale.ROOT,
        "%s beside %s",
        BenchFigure.number(pair.get(1)),
        BenchFigure.number(pair.get(0)));
  }
}
