package de.lifetimecircle.secrets.decision.results;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes files in one step: whoever reads meanwhile, or after a crash or on a full disk, finds the
 * old file or the new one. Stateless.
 */
public final class AtomicResultFile {
  private AtomicResultFile() {}

  /**
   * Writes a text as UTF-8; makes the folder if need be. Blocks until it is on the disk.
   *
   * @throws IOException if it cannot, or if it is root's file and another user's link leads to it;
   *     the old file is still there and no part of the new one
   */
  public static void write(Path file, String text) throws IOException {
    Path whole = file.toAbsolutePath();
    Path part = whole.resolveSibling(whole.getFileName() + ".part");
    try {
      TrustedPath.requireNoForeignLink(part);
      Path folder = whole.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.writeString(part, text);
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        channel.force(true); // else a crash may leave an empty file under the new name
      }
      Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (SecretException e) { // a link of another user
      throw new IOException(e.getMessage(), e);
    } catch (IOException e) {
      remove(part, e);
      throw e;
    }
  }

  private static void remove(Path part, IOException why) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  /** Returns the system's reason, without the path that most of its messages begin with. */
  public static String reason(IOException e) {
    String message = String.valueOf(e.getMessage());
    int colon = message.lastIndexOf(": ");
    String reason = colon < 0 ? message : message.substring(colon + 2);
    return e.getClass() == IOException.class || colon >= 0
        ? reason
        : e.getClass().getSimpleName() + " " + message;
  }
}
