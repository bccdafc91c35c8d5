package de.lifetimecircle.secrets.operations.emergency;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.operations.files.RepositoryFile;
import de.lifetimecircle.secrets.operations.inventory.ServiceEnvironment;
import de.lifetimecircle.secrets.spi.FileFailure;
import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The folder of open emergencies: that of the rotation journals, so that whoever can resume one can
 * resume the other. Blocks for the file system.
 *
 * @param folder the folder of the journals
 */
record EmergencyFolder(Path folder) {
  private static final String LOCKS = "locks";
  private static final String WHAT = "the journal of the emergency";

  private static final String PREFIX = "emergency-";
  private static final String SUFFIX = ".json";

  /** The byte of the lock that admits one process. */
  private static final int ENTRY = 0;

  /** The byte of the lock that shows others a running emergency, who may look at any moment. */
  private static final int SIGN = 1;

  private Path file(String stored) {
    return folder.resolve(PREFIX + stored.replace('/', '~') + SUFFIX);
  }

  /** Returns the names in the store with an open emergency, sorted. */
  List<String> open() {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*" + SUFFIX)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        names.add(
            name.substring(PREFIX.length(), name.length() - SUFFIX.length()).replace('~', '/'));
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw unusable("look for emergencies", e);
    }
    Collections.sort(names);
    return names;
  }

  /** Returns whether a process is working on the emergency of a name; does not disturb it. */
  boolean isRunning(String stored) {
    Path lock = lockFile(stored);
    if (!Files.exists(lock)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.READ);
        FileLock shared = channel.tryLock(SIGN, 1, true)) {
      return shared == null;
    } catch (OverlappingFileLockException e) {
      return true; // another thread of this process has it
    } catch (IOException e) {
      return false; // of another account, or no locks here: its journal says that it is open
    }
  }

  /**
   * Reads the journal of an open emergency.
   *
   * @param drills the drills that its environment allows
   * @param restart the command that sets an unusable journal aside and starts over
   */
  Optional<EmergencyFile> read(String stored, ServiceEnvironment.Drills drills, String restart) {
    Optional<String> text = RepositoryFile.read(file(stored), WHAT);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(EmergencyFile.read(text.get(), drills));
    } catch (RuntimeException e) {
      throw SecretException.of(SecretException.Kind.CORRUPT, "resume the emergency of")
          .name(stored)
          .reason(
              "its journal "
                  + file(stored)
                  + " was edited, or written by another version of this program")
          .advice(
              "Run '"
                  + restart
                  + "': it keeps the file aside and starts at the first step, which is safe")
          .cause(e)
          .build();
    }
  }

  void write(String stored, EmergencyFile file) {
    RepositoryFile.write(file(stored), file.write(), WHAT);
  }

  /** Renames the journal, if there is one, so that it is kept. */
  void setAside(String stored, String mark) {
    Path file = file(stored);
    try {
      Files.move(file, file.resolveSibling(file.getFileName() + "." + mark));
    } catch (NoSuchFileException e) {
      return; // there is no journal to keep
    } catch (IOException e) {
      throw unusable("set aside " + WHAT, e);
    }
  }

  void delete(String stored) {
    try {
      Files.deleteIfExists(file(stored));
    } catch (IOException e) {
      throw unusable("remove " + WHAT, e);
    }
  }

  /** A lock that is held until it is closed or the process ends. */
  record Lock(Channel channel) implements AutoCloseable {
    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException ignored) {
        // The end of the process releases it.
      }
    }
  }

  /**
   * Locks the emergency of a name for this process.
   *
   * @throws SecretException {@code CONFLICT} if another process has the lock
   */
  Lock lock(String stored) {
    try {
      Path file = lockFile(stored);
      TrustedPath.requireNoForeignLink(file);
      Path unused = Files.createDirectories(folder.resolve(LOCKS));
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw SecretException.of(SecretException.Kind.CONFLICT, "begin the emergency of")
            .name(stored)
            .reason("somebody else is running it at this moment")
            .advice("Ask the emergency contact; the same command resumes it when they have stopped")
            .build();
      }
      FileLock sign = channel.lock(SIGN, 1, false); // at most, somebody is looking at it
      return new Lock(sign.acquiredBy());
    } catch (IOException e) {
      throw unusable("lock " + WHAT, e);
    }
  }

  private Path lockFile(String stored) {
    return folder.resolve(LOCKS).resolve(PREFIX + stored.replace('/', '~'));
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock(ENTRY, 1, false);
    } catch (OverlappingFileLockException e) {
      return null; // another thread of this process has the lock
    }
  }

  private SecretException unusable(String action, IOException e) {
    return SecretException.of(SecretException.Kind.CONFIGURATION, action)
        .name(folder.toString())
        .reason(FileFailure.reason(e))
        .advice("Check the folder and its rights, or name another --journal")
        .cause(e)
        .build();
  }
}
