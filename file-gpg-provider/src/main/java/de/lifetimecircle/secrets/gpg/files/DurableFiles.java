package de.lifetimecircle.secrets.gpg.files;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import de.lifetimecircle.secrets.gpg.errors.GpgErrors;
import de.lifetimecircle.secrets.gpg.openpgp.PgpMessage;
import de.lifetimecircle.secrets.spi.OwnerOnlyFiles;
import de.lifetimecircle.secrets.spi.StoreFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files under one folder: read only if they are plain files of their own, written so that a
 * crash leaves either the old file or the new one.
 *
 * <p>Every path is relative to the folder, which is also how messages name it. No symbolic link is
 * followed below the folder, neither as a file nor as a folder on the way, because a write through
 * it would change a file elsewhere. If other accounts can enter the folder, no folder on the way
 * may be writable for them. Safe for use by several threads.
 */
public final class DurableFiles {
  private static final Set<StandardOpenOption> NEW =
      Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
  private static final SecureRandom RANDOM = new SecureRandom();

  /** How often a file that grows is read again: a writer replaces it, and soon pauses. */
  private static final int MOST_READS = 100;

  private final Path root;
  private final CrashHook steps;
  private final boolean reachable;

  /**
   * The files under that folder.
   *
   * @param root its real path
   */
  public DurableFiles(Path root, CrashHook steps) throws IOException {
    this.root = root;
    this.steps = steps;
    this.reachable = PrivateFiles.isReachable(root);
  }

  /** Returns the real path of the store. */
  public Path root() {
    return root;
  }

  /** Returns the path of a file of the store. */
  public Path path(String file) {
    return root.resolve(file);
  }

  /**
   * The bytes of a file, and its facts from before it was opened. The array is shared; no code
   * writes to it.
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared; the array stays in this module.
  public record Content(byte[] bytes, FileFacts facts) {}

  /**
   * Fails if the folder of a path is gone, as with a disk that is no longer mounted: a file that is
   * missing there is no damage.
   */
  public static void requireFolderOf(Path path) throws IOException {
    Path unused = path.resolveSibling(".").toRealPath();
  }

  /** Returns the bytes of a file, or null if there is none. */
  public byte @Nullable [] read(String file, int limit) throws IOException {
    Content content = content(file, limit);
    return content == null ? null : content.bytes();
  }

  /** Returns the bytes of a file and its facts, or null if there is none. */
  public @Nullable Content content(String file, int limit) throws IOException {
    steps.beforeRead(file);
    Path path = path(file);
    try {
      requireRealParent(file);
      for (int i = 0; i < MOST_READS; i++) {
        FileFacts facts = FileFacts.of(file, path);
        try (SeekableByteChannel channel =
            Files.newByteChannel(path, Set.of(StandardOpenOption.READ, NOFOLLOW_LINKS))) {
          byte[] bytes = readAll(file, channel, facts.size(), limit);
          if (bytes != null) {
            return new Content(bytes, facts);
          } // a writer put a larger file in its place, after its size was read
        }
      }
    } catch (NoSuchFileException e) {
      return null;
    }
    throw GpgErrors.corrupt(file, "grew each time that it was read");
  }

  /**
   * Returns whether a file still has those facts. Neither opens the file nor checks the folders on
   * the way.
   */
  public boolean isStill(String file, FileFacts facts) throws IOException {
    steps.beforeRead(file);
    return FileFacts.of(file, path(file)).equals(facts);
  }

  /** Returns the bytes of a file; null if it is larger than that. */
  private static byte @Nullable [] readAll(
      String file, SeekableByteChannel channel, long size, int limit) throws IOException {
    if (size > limit) {
      throw GpgErrors.corrupt(file, "is larger than a file of this store may be");
    }
    // One byte more than the size reveals a file that grows. A plain file returns fewer bytes
    // than requested only at its end, so a short read saves the system call that would find it.
    ByteBuffer buffer = ByteBuffer.allocate((int) size + 1);
    int read = channel.read(buffer);
    while (read >= 0 && buffer.position() != size && buffer.hasRemaining()) {
      read = channel.read(buffer);
    }
    if (!buffer.hasRemaining()) {
      return null;
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  /** Rejects a file whose folder is reached through a link, which would lead out of the store. */
  public void requireRealParent(String file) throws IOException {
    for (int end = file.indexOf('/'); end >= 0; end = file.indexOf('/', end + 1)) {
      requireRealFolder(file, path(file.substring(0, end)));
    }
  }

  private void requireReal(String folder) throws IOException {
    requireRealParent(folder);
    requireRealFolder(folder, path(folder));
  }

  private void requireRealFolder(String file, Path folder) throws IOException {
    PosixFileAttributes facts =
        Files.readAttributes(folder, PosixFileAttributes.class, NOFOLLOW_LINKS);
    if (facts.isSymbolicLink()) {
      throw FileFacts.refused(file, "lies behind a symbolic link");
    }
    if (!facts.isDirectory()) {
      throw FileFacts.refused(file, "has a parent that is not a folder");
    }
    if (reachable) {
      PrivateFiles.requireNotShared(folder, facts.permissions());
    }
  }

  /**
   * Returns whether there is something at a path.
   *
   * @throws IOException if that is unknown, as below a folder that we may not enter: a store that
   *     is out of reach is no missing store
   */
  public static boolean isThere(Path path) throws IOException {
    try {
      BasicFileAttributes unused =
          Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Returns whether there is something at the path of a file, also a link. */
  public boolean exists(String file) {
    return Files.exists(path(file), NOFOLLOW_LINKS);
  }

  /**
   * Returns the names in a folder, sorted; none if there is no such folder. Empty for the store
   * itself.
   */
  public List<String> list(String folder) throws IOException {
    List<String> names = new ArrayList<>();
    if (!isFolder(folder)) {
      return names;
    }
    requireReal(folder);
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path(folder))) {
      entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    Collections.sort(names);
    return names;
  }

  /** Returns whether there is a folder at a path, and no link to one. */
  public boolean isFolder(String folder) {
    return Files.isDirectory(path(folder), NOFOLLOW_LINKS);
  }

  /** Makes the folder and those on the way to it, readable by no other user. */
  public void makeFolder(String folder) throws IOException {
    if (isFolder(folder)) {
      requireReal(folder);
      return;
    }
    String parent = folderOf(folder);
    if (!parent.isEmpty()) {
      makeFolder(parent);
    }
    steps.before("mkdir", folder);
    try {
      Files.createDirectory(path(folder), OwnerOnlyFiles.folder(root));
    } catch (FileAlreadyExistsException e) {
      if (!isFolder(folder)) {
        throw FileFacts.refused(folder, "is not a folder");
      }
    }
    sync(parent);
  }

  /**
   * Writes bytes to a new file that nothing refers to yet, and waits until they are on the disk.
   */
  String stage(byte[] content) throws IOException {
    String file = StoreLayout.TEMPORARY + "/" + random();
    write(file, content);
    return file;
  }

  /**
   * Writes a new file that only helps to tidy up after a crash, so it does not wait for the disk.
   */
  void note(String file, byte[] content) throws IOException {
    steps.before("write", file);
    Files.write(path(file), content, NEW.toArray(StandardOpenOption[]::new));
  }

  /** Writes a new file; it may not exist. */
  void write(String file, byte[] content) throws IOException {
    steps.before("write", file);
    try (FileChannel channel = FileChannel.open(path(file), NEW, OwnerOnlyFiles.file(root))) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      steps.before("sync", file);
      channel.force(true);
    }
  }

  /** Gives a staged file its name. Fails if the name exists, so no version is ever rewritten. */
  void link(String staged, String file) throws IOException {
    steps.before("link", file);
    Files.createLink(path(file), path(staged));
    steps.before("unlink", staged);
    Files.delete(path(staged));
  }

  /** Puts a staged file in the place of another, in one step. */
  void replace(String staged, String file) throws IOException {
    requireRealParent(file);
    steps.before("rename", file);
    Files.move(path(staged), path(file), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Moves a file, unchanged, to a folder that no reader uses. Returns its new path. */
  public String moveAside(String file) throws IOException {
    String target = StoreLayout.aside(file);
    requireRealParent(file);
    makeFolder(folderOf(target));
    replace(file, target);
    sync(folderOf(target));
    sync(folderOf(file));
    return target;
  }

  /**
   * Returns the bytes of a file that the store may have written; null if there is none, or a link,
   * a folder or a larger file, which is not ours.
   */
  public byte @Nullable [] readOwn(String file, int limit) throws IOException {
    try {
      return read(file, limit);
    } catch (StoreFailure e) {
      GpgErrors.requireCorrupt(e);
      return null;
    }
  }

  /** Removes a file if its content has that hash. */
  public void deleteIf(String file, String sha256) throws IOException {
    byte[] bytes = readOwn(file, PgpMessage.MAX_BYTES);
    if (bytes != null && Sha256.hex(bytes).equals(sha256)) {
      delete(file);
    }
  }

  /** Removes a folder if it is there and nothing is in it. */
  public void deleteIfEmpty(String folder) throws IOException {
    if (isFolder(folder) && list(folder).isEmpty()) {
      delete(folder);
    }
  }

  /** Returns the folder of a path; empty for the store itself. */
  public static String folderOf(String file) {
    int slash = file.lastIndexOf('/');
    return slash < 0 ? "" : file.substring(0, slash);
  }

  /** Removes a file if it is there. */
  public void delete(String file) throws IOException {
    try {
      requireRealParent(file);
    } catch (NoSuchFileException e) {
      return;
    }
    steps.before("delete", file);
    Files.deleteIfExists(path(file));
  }

  /** Waits until the names in a folder are on the disk. */
  void sync(String folder) throws IOException {
    steps.before("sync", folder);
    syncFolder(path(folder));
  }

  /** Waits until the names in any folder are on the disk. */
  public static void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Returns 32 random hexadecimal digits. */
  public static String random() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public String toString() {
    return "DurableFiles[" + root + "]";
  }
}
