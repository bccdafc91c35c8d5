package de.lifetimecircle.secrets.operations.journal;

import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A lock that one thread of one process has at a time: a file of which two bytes are locked. The
 * operating system releases it when the process ends, for whatever reason. Used by one thread.
 */
public final class NameLock implements AutoCloseable {
  /** The byte that admits one process. */
  private static final int ENTRY = 0;

  /** The byte that shows the lock to others, who may look at any moment. */
  private static final int SIGN = 1;

  private final FileChannel channel;

  private NameLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes a lock, and makes its file.
   *
   * @return the lock; empty if another process or thread has it
   * @throws IOException if the file cannot be opened or is another user's link
   */
  public static Optional<NameLock> take(Path file) throws IOException {
    FileChannel channel = open(file);
    try {
      if (hold(channel)) {
        FileLock unused = channel.lock(SIGN, 1, false); // at most, another process is looking at it
        return Optional.of(new NameLock(channel));
      }
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    channel.close();
    return Optional.empty();
  }

  /**
   * Waits until no other process has the lock, and takes it.
   *
   * @throws IOException as {@link #take}
   */
  public static NameLock await(Path file) throws IOException {
    FileChannel channel = open(file);
    try {
      FileLock unused = channel.lock(ENTRY, 1, false);
      return new NameLock(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static FileChannel open(Path file) throws IOException {
    TrustedPath.requireNoForeignLink(file);
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /**
   * Locks a file that is open already, until it is closed; returns whether no one else has it.
   *
   * @throws IOException if the file system has no locks
   */
  public static boolean hold(FileChannel channel) throws IOException {
    try {
      return channel.tryLock(ENTRY, 1, false) != null;
    } catch (OverlappingFileLockException e) {
      return false; // another thread of this process has it
    }
  }

  /**
   * Returns whether another process has the lock; does not disturb it. Not for the process that has
   * it: the system releases its locks as soon as it closes any channel of the file.
   */
  public static boolean isHeld(Path file) {
    if (!Files.exists(file)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        FileLock shared = channel.tryLock(SIGN, 1, true)) {
      return shared == null;
    } catch (OverlappingFileLockException e) {
      return true; // another thread of this process has it
    } catch (IOException e) {
      return false; // of another account, or no locks here
    }
  }

  /**
   * Writes who has the lock into its file, for the message of those who meet it.
   *
   * @throws IOException if the disk is full
   */
  public void sign(String holder) throws IOException {
    channel.truncate(0);
    int unused = channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // The work that the lock was for is done, and the end of the process releases it.
    }
  }
}
