package de.lifetimecircle.secrets.cli.console;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.files.MemoryFolder;
import java.util.Map;

/** Opens folders in memory that go with this process, also if a signal ends it. */
public final class FolderUntilExit {
  private FolderUntilExit() {}

  /**
   * Opens a folder.
   *
   * @throws SecretException as {@link MemoryFolder#open}
   */
  public static MemoryFolder open(Map<String, String> environment) {
    MemoryFolder folder = MemoryFolder.open(environment);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(folder::closeUnlessLent, "secrets-memory-folder"));
    return folder;
  }
}
