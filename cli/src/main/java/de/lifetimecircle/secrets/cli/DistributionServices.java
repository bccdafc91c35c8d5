package de.lifetimecircle.secrets.cli;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * Finds the backends of a distribution in the folder {@code services} beside {@code lib}, which the
 * build makes of the jars. A search in the jars opens all 80 of them, for 30 of the 250 ms of
 * {@code secrets get}. Only the library's own names are answered here.
 */
final class DistributionServices extends ClassLoader {
  private static final String SERVICES = "META-INF/services/de.lifetimecircle.secrets.";
  private static final String BACKENDS = SERVICES + "spi.SecretStoreFactory";

  /** By this name the library knows that it need not search in the jars, too. */
  private static final String NAME = "de.lifetimecircle.secrets.services";

  private static final String SETTINGS = "secrets.properties";

  private final Path folder;

  private DistributionServices(Path folder) {
    super(NAME, DistributionServices.class.getClassLoader());
    this.folder = folder;
  }

  /** Makes this thread search there, unless the class path has more than the distribution. */
  static void use() {
    String classPath = System.getProperty("java.class.path", "");
    Path folder = Path.of(classPath, "..", "..", "services").toAbsolutePath().normalize();
    if (!classPath.contains(File.pathSeparator) && Files.exists(folder.resolve(BACKENDS))) {
      Thread.currentThread().setContextClassLoader(new DistributionServices(folder));
    }
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    if (!name.startsWith(SERVICES) && !name.equals(SETTINGS)) {
      return super.getResources(name);
    }
    Path file = folder.resolve(name);
    return Collections.enumeration(
        Files.exists(file) ? List.of(file.toUri().toURL()) : List.<URL>of());
  }
}
