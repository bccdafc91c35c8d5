package de.lifetimecircle.secrets.operations.files;

import de.lifetimecircle.secrets.spi.OwnerOnlyFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.UserPrincipal;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A folder beside a file, readable only for its owner, that holds the next content of the file
 * before it is renamed into place. Used by one thread; every method blocks for the file system.
 *
 * <p>A killed process leaves the folder behind, with values in it. Two things make that harmless.
 * First, the folder has its own {@code .gitignore}, made before the draft, that ignores everything
 * in the folder, so git never commits a draft. Second, the next writer removes the folder: a living
 * writer holds a lock on that {@code .gitignore}, so a folder whose lock is free has no owner.
 *
 * <p>A writer may mistake a new folder for a leftover before its owner has locked it. The owner
 * then finds the folder locked or gone, and makes another one.
 */
final class DraftFolder implements AutoCloseable {
  private static final String PREFIX = ".secrets-draft-";
  private static final String IGNORE = ".gitignore";
  private static final String DRAFT = "draft";
  private static final int ATTEMPTS = 10;
  private static final Set<OpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  /** The folders of this process, because file locks do not exclude threads of one process. */
  private static final Set<Path> IN_USE = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private @Nullable FileChannel lock;
  private @Nullable FileChannel content;

  private DraftFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Makes the folder beside a file, with an empty draft, and removes what killed processes of the
   * same user left there.
   *
   * @throws IOException if the folder cannot be made; nothing is left behind
   */
  static DraftFolder beside(Path file, AtomicFile.Readers readers) throws IOException {
    NoSuchFileException lost = new NoSuchFileException(file.toString());
    for (int i = 0; i < ATTEMPTS; i++) {
      DraftFolder made = new DraftFolder(file.resolveSibling(PREFIX + UUID.randomUUID()));
      try {
        made.make(readers);
        clearLeftovers(made.folder);
        return made;
      } catch (NoSuchFileException e) {
        made.close();
        lost = e;
      } catch (IOException e) {
        made.close();
        throw e;
      }
    }
    throw lost;
  }

  private void make(AtomicFile.Readers readers) throws IOException {
    IN_USE.add(folder);
    Files.createDirectory(folder, OwnerOnlyFiles.folder(folder));
    FileChannel channel =
        FileChannel.open(folder.resolve(IGNORE), NEW, OwnerOnlyFiles.file(folder));
    lock = channel;
    AtomicFile.writeAll(channel, "*\n".getBytes(StandardCharsets.UTF_8));
    if (lock(channel) == Lock.ELSEWHERE) {
      throw new NoSuchFileException(folder.toString());
    }
    // After a power failure the draft must not exist without it.
    AtomicFile.sync(folder);
    // Made and opened at once: whoever owns the folder around it could put a file of his own there.
    content =
        FileChannel.open(
            draft(),
            NEW,
            readers == AtomicFile.Readers.OWNER
                ? OwnerOnlyFiles.file(folder)
                : new FileAttribute<?>[0]);
  }

  /** Returns the path of the draft, to rename it. */
  Path draft() {
    return folder.resolve(DRAFT);
  }

  /** Returns the opened draft, to write it; it is closed with the folder. */
  FileChannel content() {
    return Objects.requireNonNull(content);
  }

  /** Removes the folder and everything in it. */
  @Override
  public void close() throws IOException {
    try (FileChannel held = lock;
        FileChannel written = content) {
      // The draft first and under the lock: the .gitignore must outlive it.
      Files.deleteIfExists(draft());
    } finally {
      IN_USE.remove(folder);
    }
    removeRest(folder);
  }

  private static void removeRest(Path folder) throws IOException {
    Files.deleteIfExists(folder.resolve(IGNORE));
    try {
      Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException e) {
      // Another process put a file there; it is not ours to remove.
    }
  }

  /** Removes the folders beside this one that no process uses any more. */
  private static void clearLeftovers(Path ours) throws IOException {
    UserPrincipal owner = Files.getOwner(ours);
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(ours.resolveSibling("."), PREFIX + "*")) {
      for (Path entry : found) {
        Path leftover = ours.resolveSibling(entry.getFileName());
        if (!IN_USE.contains(leftover)
            && Files.isDirectory(leftover, LinkOption.NOFOLLOW_LINKS)
            && Files.getOwner(leftover, LinkOption.NOFOLLOW_LINKS).equals(owner)) {
          clearIfPossible(leftover);
        }
      }
    } catch (NoSuchFileException e) {
      // Another writer removed one of them at the same time.
    }
  }

  private static void clearIfPossible(Path leftover) {
    try {
      clear(leftover);
    } catch (IOException e) {
      // The folder stays, ignored by git: a leftover must not fail another write.
    }
  }

  private static void clear(Path leftover) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            leftover.resolve(IGNORE), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      if (lock(channel) != Lock.OURS) {
        return;
      }
      Files.deleteIfExists(leftover.resolve(DRAFT));
    } catch (NoSuchFileException e) {
      // Its process was killed before it wrote, or another writer removes it right now.
    }
    removeRest(leftover);
  }

  /** The owner of a folder's lock. */
  private enum Lock {
    OURS,
    ELSEWHERE,
    /** The file system has no locks, so leftovers cannot be recognised. */
    UNKNOWN
  }

  private static Lock lock(FileChannel channel) {
    try {
      return channel.tryLock() == null ? Lock.ELSEWHERE : Lock.OURS;
    } catch (OverlappingFileLockException e) {
      return Lock.ELSEWHERE; // another class loader of this process
    } catch (IOException e) {
      return Lock.UNKNOWN;
    }
  }
}
