package de.lifetimecircle.secrets.gpg.maintenance;

import de.lifetimecircle.secrets.gpg.files.DurableFiles;
import de.lifetimecircle.secrets.spi.OwnerOnlyFiles;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * Keeps bytes on the disk until the archive needs them. The file loses its name as soon as it is
 * open, so a killed process leaves nothing behind. Used by one thread.
 */
final class EncryptedSpool implements AutoCloseable {
  /** The place of some bytes. Immutable. */
  record Slot(long offset, int length) {}

  private final Path folder;
  private final FileChannel channel;
  private long end;

  private EncryptedSpool(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /** Opens a spool on the disk of the first folder, or of the second if the first takes no file. */
  static EncryptedSpool in(Path first, Path second) throws IOException {
    try {
      return in(first);
    } catch (FileSystemException e) {
      return in(second);
    }
  }

  /** Opens a spool on the disk of that folder. */
  static EncryptedSpool in(Path folder) throws IOException {
    // On POSIX systems the JDK removes the name at once.
    return new EncryptedSpool(
        folder,
        FileChannel.open(
            folder.resolve("." + DurableFiles.random() + ".spool"),
            Set.of(
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE),
            OwnerOnlyFiles.file(folder)));
  }

  /** Returns the folder whose disk holds the bytes. */
  Path folder() {
    return folder;
  }

  Slot add(byte[] bytes) throws IOException {
    Slot slot = new Slot(end, bytes.length);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      end += channel.write(buffer, end);
    }
    return slot;
  }

  /** Discards everything that was added. */
  void clear() {
    end = 0;
  }

  byte[] get(Slot slot) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(slot.length());
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, slot.offset() + buffer.position()) < 0) {
        throw new EOFException();
      }
    }
    return buffer.array();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
