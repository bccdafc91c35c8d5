package de.lifetimecircle.secrets.gpg.files;

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
 * <p>Takes a shared lock on one byte of the folder of that file. Other processes can take it too,
 * so it does not exclude them. Within a JVM no two locks may overlap, shared or not, and the JDK
 * enforces that for all class loaders together, by the inode. Unlike the lock of the operating
 * system, that watch does not end when another channel on the folder is closed.
 */
final class JvmLock {
  private JvmLock() {}

  /**
   * Waits until no other thread of this JVM holds the lock, at most until the deadline.
   *
   * @return the channel that holds the lock until it is closed; null where the folder has none
   */
  static @Nullable FileChannel take(Path file, CallDeadline deadline) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(file.resolveSibling("."), StandardOpenOption.READ);
    } catch (AccessDeniedException e) {
      // A folder that may be entered but not listed; its readers work without this lock.
      return null;
    }
    boolean kept = false;
    try {
      // One folder may hold several lock files, so each locks a byte of its own.
      long place = Integer.toUnsignedLong(String.valueOf(file.getFileName()).hashCode());
      deadline.await("another application in this JVM", () -> tryLock(channel, place));
      kept = true;
      return channel;
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
      // This file system cannot lock folders, so only the lock of each class loader remains.
      return true;
    }
  }
}
