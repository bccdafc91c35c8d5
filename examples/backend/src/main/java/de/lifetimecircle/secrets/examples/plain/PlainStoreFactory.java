package de.lifetimecircle.secrets.examples.plain;

import de.lifetimecircle.secrets.spi.ConfigKey;
import de.lifetimecircle.secrets.spi.ConfigProblems;
import de.lifetimecircle.secrets.spi.SecretStore;
import de.lifetimecircle.secrets.spi.SecretStoreFactory;
import de.lifetimecircle.secrets.spi.StoreConfig;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Opens a store of plain files. Found through {@code META-INF/services}; safe for use by several
 * threads; does no I/O.
 */
public final class PlainStoreFactory implements SecretStoreFactory {
  static final String SCHEME = "plain";
  private static final String FOLDER = "folder";

  /** For {@link java.util.ServiceLoader}. */
  public PlainStoreFactory() {}

  @Override
  public String scheme() {
    return SCHEME;
  }

  @Override
  public List<ConfigKey> keys() {
    return List.of(ConfigKey.of(FOLDER, "Folder of the files; made by the first write."));
  }

  @Override
  public SecretStore open(StoreConfig config) {
    ConfigProblems problems = new ConfigProblems();
    Optional<Path> folder = config.get(FOLDER).flatMap(text -> folder(text, problems));
    if (config.get(FOLDER).isEmpty()) {
      problems.add("plain.folder: missing (expected: the folder of the files)");
    }
    problems.throwIfAny();
    return new PlainStore(folder.orElseThrow());
  }

  private static Optional<Path> folder(String text, ConfigProblems problems) {
    try {
      return Optional.of(Path.of(text).toAbsolutePath());
    } catch (InvalidPathException e) {
      problems.add("plain.folder: " + text + " (expected: a folder)");
      return Optional.empty();
    }
  }
}
