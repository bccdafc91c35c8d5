package de.lifetimecircle.secrets.gpg.files;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.errors.GpgErrors;
import de.lifetimecircle.secrets.spi.OwnerOnlyFiles;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread of one process at a time change a store.
 *
 * <p>States: free; held by a thread of this process that still waits for the file; held. Lock
 * order: the lock of this class first, then that of the JVM ({@link JvmLock}), then the file.
 * Invariant: at most one open channel on the file in this process, because closing any of them
 * would release the lock for all (POSIX), and because the JDK refuses two overlapping locks in one
 * process. The lock of the JVM keeps that invariant if two class loaders have loaded this class.
 * For the same reason readers, although they take a shared lock on the file, exclude each other
 * here, and the lock is not reentrant.
 *
 * <p>Polls the file with {@code tryLock}, because {@code lock} cannot time out and an interrupt
 * would close the channel. If the lock file was deleted and recreated during the wait, a lock on
 * the old inode excludes no process, so its identity is compared after locking.
 */
public record StoreLock(Path file, ReentrantLock inProcess) {
  private static final ConcurrentHashMap<Path, ReentrantLock> IN_PROCESS =
      new ConcurrentHashMap<>();

  /** How the file is locked. */
  public enum Mode {
    /** For a change. */
    EXCLUSIVE,
    /** For a read that no writer may disturb; works on a read-only disk. */
    SHARED
  }

  /**
   * Returns the lock of a file.
   *
   * @param file a path whose parent is a real path, so that two spellings share one lock
   */
  public static StoreLock of(Path file) {
    return new StoreLock(file, IN_PROCESS.computeIfAbsent(file, key -> new ReentrantLock()));
  }

  /**
   * Waits for the lock, at most until the deadline, and runs the work, which must not request the
   * lock again. Creates a missing lock file.
   */
  public <T> T toChange(CallDeadline deadline, Work<Mode, T> body) throws IOException {
    return hold(deadline, this::takeToChange, body);
  }

  /**
   * Waits for the lock, at most until the deadline, and runs the work. On a read-only disk, takes a
   * shared lock instead of an exclusive one; without a readable lock file, only the lock of this
   * process.
   */
  public <T> T toRead(CallDeadline deadline, Work<Mode, T> body) throws IOException {
    return hold(deadline, this::takeToRead, body);
  }

  /**
   * Waits, at most until the deadline, until no process writes, and runs the work while none does.
   * Readers in other processes may hold the lock as well.
   */
  public <T> T shared(CallDeadline deadline, Work<Mode, T> body) throws IOException {
    return hold(deadline, this::share, body);
  }

  /** The channel is the lock: closing it releases it, so it stays open until the body has ended. */
  private record Taken(@Nullable FileChannel channel, Mode mode) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      if (channel != null) {
        channel.close();
      }
    }
  }

  private <T> T hold(CallDeadline deadline, Work<CallDeadline, Taken> taking, Work<Mode, T> body)
      throws IOException {
    lockInProcess(deadline);
    try (FileChannel only = JvmLock.take(file, deadline);
        Taken taken = taking.on(deadline)) {
      return body.on(taken.mode());
    } catch (StoreFailure e) {
      if (e.kind() == Kind.CORRUPT) {
        DurableFiles.requireFolderOf(file); // it may have gone after the lock was taken
      }
      throw e;
    } finally {
      inProcess.unlock();
    }
  }

  private Taken takeToChange(CallDeadline deadline) throws IOException {
    return new Taken(lockFile(Mode.EXCLUSIVE, deadline), Mode.EXCLUSIVE);
  }

  private Taken takeToRead(CallDeadline deadline) throws IOException {
    try {
      return takeToChange(deadline);
    } catch (FileSystemException notWritable) {
      return share(deadline);
    }
  }

  private Taken share(CallDeadline deadline) throws IOException {
    try {
      return new Taken(lockFile(Mode.SHARED, deadline), Mode.SHARED);
    } catch (NoSuchFileException | AccessDeniedException e) {
      return new Taken(null, Mode.SHARED);
    }
  }

  private void lockInProcess(CallDeadline deadline) {
    if (inProcess.isHeldByCurrentThread()) {
      throw new IllegalStateException("the lock is not reentrant");
    }
    try {
      if (!inProcess.tryLock(deadline.left(), TimeUnit.NANOSECONDS)) {
        throw GpgErrors.locked("another thread of this process", deadline.timeout());
      }
    } catch (InterruptedException e) {
      throw StoreFailure.interrupted();
    }
  }

  private FileChannel lockFile(Mode mode, CallDeadline deadline) throws IOException {
    while (true) {
      Object before = identity();
      FileChannel channel = open(mode);
      boolean kept = false;
      try {
        deadline.await("another process", () -> tryLock(channel, mode));
        Object after = identity();
        kept = after != null && (before == null || Objects.equals(before, after));
        if (kept) {
          return channel;
        }
      } finally {
        if (!kept) {
          channel.close();
        }
      }
    }
  }

  private FileChannel open(Mode mode) throws IOException {
    return mode == Mode.SHARED
        ? FileChannel.open(file, Set.of(StandardOpenOption.READ, NOFOLLOW_LINKS))
        : FileChannel.open(
            file,
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE, NOFOLLOW_LINKS),
            OwnerOnlyFiles.file(file));
  }

  /** Locks a file without waiting; false if another process, or this JVM, has the lock. */
  public static boolean tryLock(FileChannel channel, Mode mode) throws IOException {
    try {
      FileLock lock = channel.tryLock(0, Long.MAX_VALUE, mode == Mode.SHARED);
      return lock != null;
    } catch (OverlappingFileLockException e) {
      // Such as an older version of this class in the same JVM: that one knows no JvmLock.
      return false;
    }
  }

  private @Nullable Object identity() throws IOException {
    try {
      return Files.readAttributes(
              file, java.nio.file.attribute.BasicFileAttributes.class, NOFOLLOW_LINKS)
          .fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }
}
