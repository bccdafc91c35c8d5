package de.lifetimecircle.secrets.gpg;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files under one folder: read only if they are plain files of their own, written so that after
 * a crash there is the old file or the new one.
 *
 * <p>Every path is relative to the folder, which is also how messages name it. No symbolic link is
 * followed below the folder, neither as a file nor as a folder on the way, and a file with a second
 * hard link is refused: what is written through either would land elsewhere. Stateless but for the
 * folder; safe for use by several threads.
 */
final class DurableFiles {
  private static final Set<StandardOpenOption> NEW =
      Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path root;
  private final FileSteps steps;

  /**
   * The files under that folder.
   *
   * @param root its real path
   */
  DurableFiles(Path root, FileSteps steps) {
    this.root = root;
    this.steps = steps;
  }

  Path root() {
    return root;
  }

  Path path(String file) {
    return root.resolve(file);
  }

  /** The bytes of a file, or null if there is none. */
  byte @Nullable [] read(String file, int limit) throws IOException, StoreProblem {
    steps.beforeRead(file);
    Path path = path(file);
    try {
      requireRealParent(file);
      requirePlain(file, path);
      try (SeekableByteChannel channel =
          Files.newByteChannel(path, Set.of(StandardOpenOption.READ, NOFOLLOW_LINKS))) {
        return readAll(file, channel, limit);
      }
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static byte[] readAll(String file, SeekableByteChannel channel, int limit)
      throws IOException, StoreProblem {
    long size = channel.size();
    if (size > limit) {
      throw StoreProblem.corrupt(file, "is larger than a file of this store may be");
    }
    // One byte more than the size, so that a file that grows is noticed.
    ByteBuffer buffer = ByteBuffer.allocate((int) size + 1);
    while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
      // Goes on until the end.
    }
    if (!buffer.hasRemaining()) {
      throw StoreProblem.corrupt(file, "grew while it was read");
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  private static void requirePlain(String file, Path path) throws IOException, StoreProblem {
    Map<String, Object> facts =
        Files.readAttributes(path, "unix:isRegularFile,isSymbolicLink,nlink", NOFOLLOW_LINKS);
    if (Boolean.TRUE.equals(facts.get("isSymbolicLink"))) {
      throw refused(file, "is a symbolic link");
    }
    if (!Boolean.TRUE.equals(facts.get("isRegularFile"))) {
      throw refused(file, "is not a file");
    }
    if (facts.get("nlink") instanceof Number links && links.intValue() > 1) {
      throw refused(file, "has a second hard link");
    }
  }

  private static StoreProblem refused(String file, String why) {
    return StoreProblem.corrupt(
        file, why, "Put a plain file of its own there, as the store writes it");
  }

  /** A folder on the way that is a link would lead out of the store. */
  private void requireRealParent(String file) throws IOException, StoreProblem {
    Path parent = path(file).getParent();
    if (parent != null && !parent.equals(root)) {
      requireReal(file, parent);
    }
  }

  private static void requireReal(String file, Path folder) throws IOException, StoreProblem {
    try {
      if (!folder.toRealPath().equals(folder)) {
        throw refused(file, "lies behind a symbolic link");
      }
    } catch (NotDirectoryException e) {
      throw refused(file, "lies below something that is not a folder");
    }
  }

  boolean exists(String file) {
    return Files.exists(path(file), NOFOLLOW_LINKS);
  }

  /** The names in a folder, sorted; none if there is no such folder. Empty for the store itself. */
  List<String> list(String folder) throws IOException, StoreProblem {
    List<String> names = new ArrayList<>();
    if (!isFolder(folder)) {
      return names;
    }
    requireReal(folder, path(folder));
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

  boolean isFolder(String folder) {
    return Files.isDirectory(path(folder), NOFOLLOW_LINKS);
  }

  /** Makes the folder and those on the way to it, readable by nobody else. */
  void makeFolder(String folder) throws IOException, StoreProblem {
    if (isFolder(folder)) {
      requireReal(folder, path(folder));
      return;
    }
    int slash = folder.lastIndexOf('/');
    String parent = slash < 0 ? "" : folder.substring(0, slash);
    if (!parent.isEmpty()) {
      makeFolder(parent);
    }
    steps.before("mkdir", folder);
    try {
      Files.createDirectory(path(folder), PosixFilePermissions.asFileAttribute(Private.FOLDER));
    } catch (FileAlreadyExistsException e) {
      if (!isFolder(folder)) {
        throw refused(folder, "is not a folder");
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

  /** Writes a new file that only helps to tidy up after a crash, so nothing waits for the disk. */
  void note(String file, byte[] content) throws IOException {
    steps.before("write", file);
    Files.write(path(file), content, NEW.toArray(StandardOpenOption[]::new));
  }

  /** Writes a new file; it may not exist. */
  void write(String file, byte[] content) throws IOException {
    steps.before("write", file);
    try (FileChannel channel =
        FileChannel.open(path(file), NEW, PosixFilePermissions.asFileAttribute(Private.FILE))) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      steps.before("sync", file);
      channel.force(true);
    }
  }

  /** Gives a staged file its name; fails if the name is taken, so no version is ever rewritten. */
  void link(String staged, String file) throws IOException {
    steps.before("link", file);
    Files.createLink(path(file), path(staged));
    steps.before("unlink", staged);
    Files.delete(path(staged));
  }

  /** Puts a staged file in the place of another, in one step. */
  void replace(String staged, String file) throws IOException, StoreProblem {
    requireRealParent(file);
    steps.before("rename", file);
    Files.move(path(staged), path(file), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Removes a file if it is there. */
  void delete(String file) throws IOException, StoreProblem {
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
    try (FileChannel channel = FileChannel.open(path(folder), StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  static String random() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public String toString() {
    return "DurableFiles[" + root + "]";
  }
}
