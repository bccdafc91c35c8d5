package de.lifetimecircle.secrets.cli.wiring;

import de.lifetimecircle.secrets.cli.console.FolderUntilExit;
import de.lifetimecircle.secrets.operations.files.MemoryFolder;
import de.lifetimecircle.secrets.operations.wiring.WiredValue;
import java.util.Arrays;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The files of {@code exec --file}, in a folder that exists once there is a first one. Safe for use
 * by the thread of the command and the one that ends the program.
 */
final class MemoryFiles implements AutoCloseable {
  private final Map<String, String> environment;
  private @Nullable MemoryFolder folder;

  MemoryFiles(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Writes a value to a file and returns its path. */
  synchronized String write(WiredValue value) {
    MemoryFolder here = folder;
    if (here == null) {
      here = FolderUntilExit.open(environment);
      folder = here;
    }
    byte[] bytes = value.value().asBytes();
    try {
      return here.write(value.variable(), bytes).toString();
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private synchronized @Nullable MemoryFolder folder() {
    return folder;
  }

  /** Runs the program that reads the files; see {@link MemoryFolder#lend}. */
  int lend(IntSupplier program) {
    MemoryFolder here = folder();
    return here == null ? program.getAsInt() : here.lend(program);
  }

  @Override
  public synchronized void close() {
    if (folder != null) {
      folder.close();
    }
  }
}
