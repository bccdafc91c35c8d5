package de.lifetimecircle.secrets.gpg.maintenance;

import de.lifetimecircle.secrets.gpg.files.CrashHook;
import de.lifetimecircle.secrets.gpg.files.DurableFiles;
import de.lifetimecircle.secrets.gpg.files.StoreLock;
import de.lifetimecircle.secrets.gpg.files.StoreLock.Mode;
import de.lifetimecircle.secrets.spi.OwnerOnlyFiles;
import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The file that a running backup fills, under a hidden name beside its place. It is locked until it
 * is closed, which must not be before the archive has its own name: another backup to the same
 * place takes an unlocked one for what a killed backup left, and removes it.
 */
record PartialArchive(Path path, FileChannel channel) implements Closeable {
  private static final String ENDING = ".partial";

  /** Each lost one means that another backup began between two calls of ours. */
  private static final int ATTEMPTS = 20;

  /**
   * To open and close another channel of such a file would end its lock, which is the process's.
   */
  private static final Set<Path> RUNNING = ConcurrentHashMap.newKeySet();

  static PartialArchive create(Path target, CrashHook steps) throws IOException {
    for (int i = 0; i < ATTEMPTS; i++) {
      Path path =
          target.resolveSibling("." + target.getFileName() + "." + DurableFiles.random() + ENDING);
      steps.before("write", path.toString());
      PartialArchive archive = open(path);
      if (archive.isHeld()) {
        return archive;
      }
      archive.close();
    }
    throw new IOException("other backups to " + target + " begin again and again");
  }

  private static PartialArchive open(Path path) throws IOException {
    RUNNING.add(path);
    try {
      return new PartialArchive(
          path,
          FileChannel.open(
              path,
              Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
              OwnerOnlyFiles.file(path)));
    } catch (IOException e) {
      RUNNING.remove(path);
      throw e;
    }
  }

  /** Another backup may have found the file before the lock was ours, and removed it. */
  private boolean isHeld() throws IOException {
    try {
      return StoreLock.tryLock(channel, Mode.EXCLUSIVE)
          && Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) { // a disk without locks
      try (PartialArchive closed = this) {
        Files.deleteIfExists(closed.path);
      }
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      RUNNING.remove(path);
    }
  }

  /** Removes the files of killed backups to this place. */
  static void removeAbandoned(Path target) throws IOException {
    Pattern left =
        Pattern.compile(Pattern.quote("." + target.getFileName() + ".") + "[0-9a-f]{32}" + ENDING);
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(
            target.resolveSibling("."),
            path ->
                left.matcher(String.valueOf(path.getFileName())).matches()
                    && !RUNNING.contains(path.normalize()))) {
      for (Path file : files) {
        removeUnlocked(file);
      }
    }
  }

  /** Opens only a file of ours: a FIFO of another account would hold up root for ever. */
  private static void removeUnlocked(Path file) throws IOException {
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || !TrustedPath.isOwn(file)) {
        return;
      }
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
        if (StoreLock.tryLock(channel, Mode.EXCLUSIVE)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (FileSystemException e) {
      return; // its backup has just finished
    }
  }
}
