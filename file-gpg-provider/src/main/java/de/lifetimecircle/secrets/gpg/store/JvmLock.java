package de.lifetimecircle.secrets.gpg.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread of this JVM at a time open a lock file, whichever class loader loaded this class.
 *
 * <p>It is a shared lock on one byte of the folder of that file. Other processes get the same one,
 * so it says nothing to them; within a JVM no two locks may overlap, shared or not, and the JDK
 * watches over that for all class loaders together, by the inode. Unlike the lock of the operating
 * system, that watch does not end when another channel on the folder is closed.
 */
final class JvmLock implements AutoCloseable {
  private final @Nullable FileChannel channel;

  private JvmLock(@Nullable FileChannel channel) {
    this.channel = channel;
  }

  /** Waits until no other thread of this JVM has it, at most until the deadline. */
  static JvmLock of(Path file, CallDeadline deadline) throws IOException, StoreProblem {
    FileChannel channel;
    try {
      channel = FileChannel.open(file.resolveSibling("."), StandardOpenOption.READ);
    } catch (AccessDeniedException e) {
      // A folder that may be entered and not be listed: readers of it do without.
      return new JvmLock(null);
    }
    boolean kept = false;
    try {
      // Several locks may lie in one folder.
      long place = Integer.toUnsignedLong(String.valueOf(file.getFileName()).hashCode());
      deadline.await("another application in this JVM", () -> tryLock(channel, place));
      kept = true;
      return new JvmLock(channel);
    } finally {
      if (!kept) {
        channel.close();
      }
    }
  }

  private static boolean tryLock(FileChannel channel, long place) {
    try {
      return channel.tryLock(place, 1, true) != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException e) {
      // A file system that locks no folders: there each class loader has only its own lock.
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
