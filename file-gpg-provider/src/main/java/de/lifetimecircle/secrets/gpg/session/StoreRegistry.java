package de.lifetimecircle.secrets.gpg.session;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.gpg.config.GpgConfig;
import de.lifetimecircle.secrets.gpg.errors.StoreLog;
import de.lifetimecircle.secrets.gpg.files.PrivateFiles;
import de.lifetimecircle.secrets.spi.FileFailure;
import de.lifetimecircle.secrets.spi.OwnerOnlyFiles;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Records, in a file beside the key, the folders in which stores of that key are. So an emptied
 * folder, or one whose disk is not mounted, can be distinguished from the place for a first store.
 * Stateless.
 */
final class StoreRegistry {
  private static final int MAX_BYTES = 64 * 1024;

  private StoreRegistry() {}

  /** Returns whether there was a store of that key before. */
  static boolean isKnown(GpgConfig config) throws IOException {
    return config.keySource().exists() && read(config).contains(line(config));
  }

  /**
   * Records the store. A failure is only logged, because a service may not be able to write beside
   * its key.
   */
  static void remember(GpgConfig config) {
    try {
      List<String> known = new ArrayList<>(read(config));
      if (!known.contains(line(config))) {
        known.add(line(config));
        String lines = String.join("\n", known) + "\n";
        OwnerOnlyFiles.write(file(config), lines.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException | StoreFailure | SecretException e) {
      StoreLog.LOG.log(
          System.Logger.Level.DEBUG,
          "Cannot record the store in {0}: {1}",
          file(config),
          e instanceof IOException io ? FileFailure.reason(io) : e.getMessage());
    }
  }

  private static List<String> read(GpgConfig config) throws IOException {
    try {
      byte[] bytes = PrivateFiles.readUpTo("list of stores", file(config), MAX_BYTES);
      return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private static String line(GpgConfig config) {
    return config.store().toAbsolutePath().normalize().toString();
  }

  /** Returns the file that remembers the stores of a key. */
  static Path file(GpgConfig config) {
    Path key = config.keySource().file();
    return key.resolveSibling(key.getFileName() + ".stores");
  }
}
