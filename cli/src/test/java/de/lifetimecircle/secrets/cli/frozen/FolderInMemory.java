package de.lifetimecircle.secrets.cli.frozen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/** Makes a folder in memory, because each journal waits for its disk. */
public final class FolderInMemory implements TempDirFactory {
  private static final Path MEMORY = Path.of("/dev/shm");

  /** For JUnit. */
  public FolderInMemory() {}

  @Override
  public Path createTempDirectory(
      AnnotatedElementContext elementContext, ExtensionContext extensionContext)
      throws IOException {
    return Files.isWritable(MEMORY)
        ? Files.createTempDirectory(MEMORY, "frozen")
        : Files.createTempDirectory("frozen");
  }
}
