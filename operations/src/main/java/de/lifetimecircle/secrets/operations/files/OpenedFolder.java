package de.lifetimecircle.secrets.operations.files;

import de.lifetimecircle.secrets.spi.OwnerOnlyFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A folder that stays the same one while it is open, whatever is renamed or linked to its name. All
 * names are those of its entries, and no link is followed. Used by one thread; blocks for the file
 * system.
 */
record OpenedFolder(SecureDirectoryStream<Path> opened) implements AutoCloseable {
  private static final Path SELF = Path.of(".");
  private static final int CHUNK = 1 << 16;

  /**
   * Opens a folder by its path.
   *
   * @throws IOException if it cannot be opened, or the system has no such operations
   */
  @SuppressWarnings("StreamResourceLeak") // It lives as long as the object.
  static OpenedFolder open(Path folder) throws IOException {
    DirectoryStream<Path> stream = Files.newDirectoryStream(folder);
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return new OpenedFolder(secure);
    }
    stream.close();
    throw new FileSystemException(folder.toString(), null, "it can be opened by its name only");
  }

  /** Opens a folder in this one. */
  OpenedFolder folder(Path name) throws IOException {
    return new OpenedFolder(opened.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS));
  }

  /** Returns the names of the entries as of now. */
  List<Path> names() throws IOException {
    List<Path> names = new ArrayList<>();
    // A second stream, since each lists its entries only once.
    try (DirectoryStream<Path> entries = opened.newDirectoryStream(SELF)) {
      entries.forEach(entry -> names.add(entry.getFileName()));
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }

  boolean exists(Path name) throws IOException {
    try {
      PosixFileAttributes unused = attributes(name);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Returns the owner of this folder. */
  UserPrincipal owner() throws IOException {
    return opened.getFileAttributeView(PosixFileAttributeView.class).readAttributes().owner();
  }

  /** Returns whether an entry is a folder, and no link to one, that only this owner can enter. */
  boolean isPrivateFolder(Path name, UserPrincipal owner) throws IOException {
    PosixFileAttributes now = attributes(name);
    return now.isDirectory()
        && now.owner().equals(owner)
        && PosixFilePermissions.toString(now.permissions()).endsWith("------");
  }

  private PosixFileAttributes attributes(Path name) throws IOException {
    return opened
        .getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes();
  }

  /** Makes a file that only its owner can read, and opens it for writing. */
  FileChannel create(Path name) throws IOException {
    return (FileChannel)
        opened.newByteChannel(
            name,
            Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
            OwnerOnlyFiles.file(name));
  }

  /**
   * Opens an existing regular file for writing.
   *
   * @throws NoSuchFileException if there is none
   */
  FileChannel openExisting(Path name) throws IOException {
    if (!attributes(name).isRegularFile()) { // to open a FIFO would wait for its reader
      throw new NoSuchFileException(name.toString());
    }
    Set<OpenOption> options = Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    return (FileChannel) opened.newByteChannel(name, options);
  }

  /** Overwrites and removes all entries; what a link leads to stays. */
  void empty() throws IOException {
    for (Path name : names()) {
      if (attributes(name).isDirectory()) {
        try (OpenedFolder inner = folder(name)) {
          inner.empty();
        }
        deleteFolder(name);
      } else {
        overwrite(name);
        opened.deleteFile(name);
      }
    }
  }

  private void overwrite(Path name) throws IOException {
    PosixFileAttributes now = attributes(name);
    if (!now.isRegularFile()
        || now.size() == 0) { // such as the lock, which a second descriptor would release
      return;
    }
    try (FileChannel channel = openExisting(name)) {
      OutputStream out = Channels.newOutputStream(channel);
      byte[] zeros = new byte[CHUNK];
      for (long left = channel.size(); left > 0; left -= CHUNK) {
        out.write(zeros, 0, (int) Math.min(left, CHUNK));
      }
    } catch (AccessDeniedException e) {
      return; // a program has made it read-only; it is removed all the same
    }
  }

  /** Removes an empty folder in this one, if it exists. */
  void deleteFolder(Path name) throws IOException {
    try {
      opened.deleteDirectory(name);
    } catch (NoSuchFileException e) {
      return; // removed by others
    }
  }

  @Override
  public void close() throws IOException {
    opened.close();
  }
}
