package de.lifetimecircle.secrets.operations.files;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.spi.FileFailure;
import de.lifetimecircle.secrets.spi.OwnerOnlyFiles;
import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;

/**
 * A folder in memory (tmpfs) for values that a program can take only from a file. Only its owner
 * can read it; {@link #close} overwrites and removes it. Safe for use by several threads.
 *
 * <p>The program gets the path of a file, so no other user may change a folder on that path; see
 * {@link TrustedPath}. This class itself works by the opened folder, whatever its name leads to.
 *
 * <p>A process that is killed with signal 9 leaves its folder behind, until the machine restarts or
 * the same user opens the next one: each folder has a lock that the kernel releases with its
 * process, and {@link #open} removes folders without an owner. Swap may hold pages of tmpfs.
 */
public final class MemoryFolder implements AutoCloseable {
  private static final String BEGINNING = "secrets-";
  private static final Pattern NAME = Pattern.compile(BEGINNING + "[0-9]+");
  private static final String LOCK = ".lock";
  private static final int ATTEMPTS = 10;

  private final Path path;
  private final OpenedFolder place;
  private final OpenedFolder folder;
  private final FileChannel lock;
  private volatile boolean borrowed;
  private boolean closed;

  private MemoryFolder(Path path, OpenedFolder place, OpenedFolder folder, FileChannel lock) {
    this.path = path;
    this.place = place;
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * Makes a folder in {@code XDG_RUNTIME_DIR} or {@code /dev/shm}: in the first that is in memory
   * and that no other user can change. {@code su} without a dash keeps the variable of the other
   * user.
   *
   * @throws SecretException {@code UNSUPPORTED} if neither is
   */
  public static MemoryFolder open(Map<String, String> environment) {
    return open(places(environment));
  }

  static MemoryFolder open(List<String> places) {
    List<String> problems = new ArrayList<>();
    for (String place : places) {
      List<String> found = problems(place);
      if (found.isEmpty()) {
        return make(Path.of(place));
      }
      problems.addAll(found);
    }
    throw SecretException.of(SecretException.Kind.UNSUPPORTED, "keep the value in a file")
        .reason("no folder in memory is safe: " + String.join("; ", problems))
        .advice(
            "Run 'export XDG_RUNTIME_DIR=/run/user/$(id -u)' if that is a tmpfs of yours: on a"
                + " disk, a value can be read after its deletion")
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

  private static List<String> problems(String place) {
    try {
      Path path = Path.of(place);
      if (!path.isAbsolute() || !Files.isDirectory(path) || !Files.isWritable(path)) {
        return List.of(place + " is no folder that you can write");
      }
      if (!List.of("tmpfs", "ramfs").contains(Files.getFileStore(path).type())) {
        return List.of(place + " is not in memory (tmpfs)");
      }
      return TrustedPath.folderProblems(path);
    } catch (IOException e) {
      return List.of(place + " cannot be read (" + FileFailure.reason(e) + ")");
    } catch (InvalidPathException e) {
      return List.of(place + " is not a path");
    }
  }

  private static MemoryFolder make(Path place) {
    try {
      OpenedFolder opened = OpenedFolder.open(place);
      try {
        MemoryFolder made = make(place, opened);
        made.removeLeftovers();
        return made;
      } catch (IOException | RuntimeException e) {
        opened.close();
        throw e;
      }
    } catch (IOException e) {
      throw failure("make a folder in memory", place, e);
    }
  }

  private static MemoryFolder make(Path place, OpenedFolder opened) throws IOException {
    for (int i = 0; i < ATTEMPTS; i++) {
      Path path = Files.createTempDirectory(place, BEGINNING, OwnerOnlyFiles.folder(place));
      OpenedFolder folder = opened.folder(path.getFileName());
      FileChannel lock = folder.create(Path.of(LOCK));
      var unused = lock.lock();
      if (opened.exists(path.getFileName())) {
        return new MemoryFolder(path, opened, folder, lock);
      }
      // Another process took it for a leftover before it was locked.
      lock.close();
      folder.close();
    }
    throw new NoSuchFileException(place.toString(), null, "removed by others");
  }

  private void removeLeftovers() throws IOException {
    for (Path name : place.names()) {
      // Its own is not even opened: to close a second descriptor of the lock would release it.
      if (NAME.matcher(name.toString()).matches() && !name.equals(path.getFileName())) {
        removeIfLeft(name);
      }
    }
  }

  /** Another user's folder stays, a folder whose process lives, and all that is no such folder. */
  private void removeIfLeft(Path name) throws IOException {
    try {
      if (!place.isPrivateFolder(name, folder.owner())) {
        return;
      }
      try (OpenedFolder left = place.folder(name);
          FileChannel channel = left.openExisting(Path.of(LOCK));
          var taken = channel.tryLock()) {
        if (taken != null) {
          left.empty();
          place.deleteFolder(name);
        }
      }
    } catch (NoSuchFileException | OverlappingFileLockException e) {
      return; // removed by its owner just now, or a folder of this process
    }
  }

  /** Returns the path of the folder. */
  public Path path() {
    return path;
  }

  /**
   * Writes a file that only its owner can read.
   *
   * @throws SecretException {@code CONFIGURATION} if it cannot be written
   */
  public synchronized Path write(String name, byte[] content) {
    Path file = path.resolve(name);
    try (FileChannel channel = folder.create(Path.of(name))) {
      AtomicFile.writeAll(channel, content);
      return file;
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
    borrowed = true;
    try {
      return program.getAsInt();
    } finally {
      borrowed = false;
    }
  }

  /** Closes the folder unless a program uses it now; for the hook of a process that ends. */
  public void closeUnlessLent() {
    if (!borrowed) {
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
    try (OpenedFolder outer = place;
        OpenedFolder inner = folder;
        FileChannel held = lock) {
      inner.empty();
      outer.deleteFolder(path.getFileName());
    } catch (IOException e) {
      throw failure("remove the folder in memory", path, e);
    }
  }

  private static SecretException failure(String action, Path path, IOException e) {
    return AtomicFile.failure(action, path, e, "Check the folder, its permissions and its room");
  }
}
