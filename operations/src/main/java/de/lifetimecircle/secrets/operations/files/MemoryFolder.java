package de.lifetimecircle.secrets.operations.files;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.spi.OwnerOnlyFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A folder in memory (tmpfs) for values that a program can take only from a file. Only its owner
 * can read it; {@link #close} overwrites and removes it. Safe for use by several threads.
 *
 * <p>A process that is killed with signal 9 leaves its folder behind, until the machine restarts or
 * the same user opens the next one: each folder has a lock that the kernel releases with its
 * process, and {@link #open} removes folders without an owner. Swap may hold pages of tmpfs.
 */
public final class MemoryFolder implements AutoCloseable {
  private static final String BEGINNING = "secrets-";
  private static final String LOCK = ".lock";
  private static final int ATTEMPTS = 10;

  private final Path folder;
  private final FileChannel lock;
  private volatile boolean lent;
  private boolean closed;

  private MemoryFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * Makes a folder in {@code XDG_RUNTIME_DIR} or {@code /dev/shm}, whichever is in memory.
   *
   * @throws SecretException {@code UNSUPPORTED} if neither is
   */
  public static MemoryFolder open(Map<String, String> environment) {
    for (String place : places(environment)) {
      Path path = tmpfs(place);
      if (path != null) {
        MemoryFolder made = make(path);
        try {
          made.removeLeftovers(path);
          return made;
        } catch (RuntimeException e) {
          made.close();
          throw e;
        }
      }
    }
    throw SecretException.of(SecretException.Kind.UNSUPPORTED, "keep the value in a file")
        .reason("neither XDG_RUNTIME_DIR nor /dev/shm is a folder in memory (tmpfs)")
        .advice("Mount one: a value in a file on a disk can be read after its deletion")
        .build();
  }

  private static List<String> places(Map<String, String> environment) {
    List<String> places = new ArrayList<>();
    String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    if (!runtime.isEmpty()) {
      places.add(runtime);
    }
    places.add("/dev/shm");
    return places;
  }

  private static @Nullable Path tmpfs(String place) {
    try {
      Path path = Path.of(place);
      boolean inMemory =
          Files.isDirectory(path)
              && Files.isWritable(path)
              && List.of("tmpfs", "ramfs").contains(Files.getFileStore(path).type());
      return inMemory ? path : null;
    } catch (IOException | InvalidPathException e) {
      return null; // the next place
    }
  }

  private static MemoryFolder make(Path place) {
    try {
      for (int i = 0; i < ATTEMPTS; i++) {
        Path folder = Files.createTempDirectory(place, BEGINNING, OwnerOnlyFiles.folder(place));
        FileChannel channel =
            FileChannel.open(
                folder.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        FileLock unused = channel.lock();
        if (Files.exists(folder)) {
          return new MemoryFolder(folder, channel);
        }
        channel.close(); // another process took it for a leftover before it was locked
      }
    } catch (IOException e) {
      throw failure("make a folder in memory", place, e);
    }
    throw failure("make a folder in memory", place, new IOException("removed by others"));
  }

  private void removeLeftovers(Path place) {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(place, BEGINNING + "*")) {
      UserPrincipal user = Files.getOwner(folder);
      for (Path each : found) {
        // Not even opened: to close a second descriptor of the lock would release it.
        if (!each.equals(folder) && isOf(user, each)) {
          removeIfLeft(each);
        }
      }
    } catch (IOException e) {
      throw failure("look for left folders", place, e);
    }
  }

  /**
   * Another user's folder stays, whatever its rights: that user could put a link to one of our
   * folders in its place while we remove it.
   */
  private static boolean isOf(UserPrincipal user, Path folder) throws IOException {
    try {
      return Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(user);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** A folder whose process lives stays. */
  private static void removeIfLeft(Path folder) {
    Path lock = folder.resolve(LOCK);
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
        || !Files.isWritable(lock)
        || Files.isSymbolicLink(lock)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        FileLock taken = channel.tryLock()) {
      if (taken != null) {
        remove(folder);
      }
    } catch (NoSuchFileException | OverlappingFileLockException e) {
      return; // removed by its owner just now, or a folder of this process
    } catch (IOException e) {
      throw failure("remove a left folder", folder, e);
    }
  }

  /** Returns the path of the folder. */
  public Path path() {
    return folder;
  }

  /**
   * Writes a file that only its owner can read.
   *
   * @throws SecretException {@code CONFIGURATION} if it cannot be written
   */
  public Path write(String name, byte[] content) {
    Path file = folder.resolve(name);
    try {
      Files.createFile(file, OwnerOnlyFiles.file(file));
      return Files.write(file, content);
    } catch (IOException e) {
      throw failure("write a file in memory", file, e);
    }
  }

  /**
   * Runs a program that uses the files. If a signal ends this process meanwhile, the caller ends
   * the program first and then closes this folder, so {@link #closeUnlessLent} leaves it alone.
   *
   * @return what the program returns
   */
  public int lend(IntSupplier program) {
    lent = true;
    try {
      return program.getAsInt();
    } finally {
      lent = false;
    }
  }

  /** Closes the folder unless a program uses it now; for the hook of a process that ends. */
  public void closeUnlessLent() {
    if (!lent) {
      close();
    }
  }

  /** Overwrites and removes all files, also those that others made there; repeatable. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      remove(folder);
      lock.close();
    } catch (IOException e) {
      throw failure("remove the folder in memory", folder, e);
    }
  }

  private static void remove(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
          remove(file);
        } else {
          overwrite(file);
          Files.deleteIfExists(file);
        }
      }
    }
    Files.deleteIfExists(folder);
  }

  private static void overwrite(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        || Files.size(file) == 0 // such as the lock, which a second descriptor would release
        || !Files.isWritable(file)) {
      return;
    }
    byte[] zeros = new byte[(int) Math.min(Files.size(file), 1 << 24)];
    Arrays.fill(zeros, (byte) 0);
    Files.write(file, zeros, StandardOpenOption.WRITE);
  }

  private static SecretException failure(String action, Path path, IOException e) {
    return SecretException.of(SecretException.Kind.CONFIGURATION, action)
        .name(path.toString())
        .reason(e.getClass().getSimpleName())
        .advice("Check the folder, its permissions and its room")
        .cause(e)
        .build();
  }
}
