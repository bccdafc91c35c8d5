package de.lifetimecircle.secrets.operations.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Replaces files so that a crash leaves the old content or the new: written in a folder of their
 * own beside their place, brought to the disk, renamed. git adds nothing that a killed process
 * leaves there to a commit, and the next writer beside it removes it. Stateless; every method
 * blocks for the file system.
 */
public final class AtomicFile {
  /** Who may read a file that is written. */
  public enum Readers {
    /** Its owner alone ({@code 0600}), from the first byte on. */
    OWNER,
    /** Whom the process's own mask allows, as for any file that people share. */
    USUAL
  }

  private AtomicFile() {}

  /**
   * Writes a file in the place of what was there.
   *
   * @throws IOException if it cannot be written; what was there is there still, and nothing else
   */
  public static void write(Path file, byte[] content, Readers readers) throws IOException {
    Path target = file.toAbsolutePath();
    try (DraftFolder folder = DraftFolder.beside(target, readers)) {
      try (FileChannel channel = FileChannel.open(folder.draft(), StandardOpenOption.WRITE)) {
        writeAll(channel, content);
      }
      Files.move(folder.draft(), target, StandardCopyOption.ATOMIC_MOVE);
    }
    syncFolderOf(target);
  }

  /** As {@link #write(Path, byte[], Readers)}, a text in UTF-8. */
  public static void write(Path file, String text, Readers readers) throws IOException {
    write(file, text.getBytes(StandardCharsets.UTF_8), readers);
  }

  /**
   * Removes a file, if it is there.
   *
   * @throws IOException if it cannot be removed
   */
  public static void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
    syncFolderOf(file.toAbsolutePath());
  }

  /**
   * Writes all of it where the channel stands, and brings it to the disk.
   *
   * @throws IOException if not all of it could be written
   */
  public static void writeAll(FileChannel channel, byte[] content) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(content);
    while (rest.hasRemaining()) {
      int unused = channel.write(rest);
    }
    channel.force(true);
  }

  private static void syncFolderOf(Path file) throws IOException {
    Path folder = file.getParent();
    if (folder != null) {
      sync(folder);
    }
  }

  /** Else a new name in it may be gone after a loss of power. */
  static void sync(Path folder) throws IOException {
    if (isPosix(folder)) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
