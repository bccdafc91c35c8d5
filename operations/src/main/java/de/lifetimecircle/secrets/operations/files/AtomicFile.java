package de.lifetimecircle.secrets.operations.files;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.spi.FileFailure;
import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Replaces files so that a crash leaves either the old content or the new: writes a draft in a
 * separate folder beside the file, forces it to disk and renames it. git ignores drafts that a
 * killed process leaves behind, and the next writer removes them. As root, writes through no link
 * of another user; see {@link TrustedPath#requireNoForeignLink}. Stateless; every method blocks for
 * the file system.
 */
public final class AtomicFile {
  /** The readers of a written file. */
  public enum Readers {
    /** Only its owner ({@code 0600}), from the first byte on. */
    OWNER,
    /** The readers that the process's umask allows, as for any shared file. */
    USUAL
  }

  private static final int BUFFER = 1 << 16;

  private AtomicFile() {}

  /**
   * Writes or replaces a file.
   *
   * @throws IOException if the file cannot be written; the old content is unchanged
   */
  public static void write(Path file, byte[] content, Readers readers) throws IOException {
    write(file, out -> out.write(content), readers, draft -> {});
  }

  /** Writes the content of a file to a stream, which the caller closes. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes all of it.
     *
     * @throws IOException if it cannot be written; the file then keeps its old content
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes or replaces a file whose content need not fit into memory.
   *
   * @throws IOException if the file cannot be written; the old content is unchanged
   */
  public static void write(Path file, Content content, Readers readers) throws IOException {
    write(
        file,
        out -> {
          OutputStream buffered = new BufferedOutputStream(out, BUFFER);
          content.writeTo(buffered);
          buffered.flush();
        },
        readers,
        draft -> {});
  }

  /** Sets what a draft must have before it is renamed, such as its owner. */
  @FunctionalInterface
  public interface Preparation {
    /**
     * Prepares the draft, which only its owner can read until now.
     *
     * @throws IOException if it cannot be prepared; the file then keeps its old content
     */
    void prepare(Path draft) throws IOException;
  }

  /**
   * Writes or replaces a file, whose permissions and owner the preparation sets.
   *
   * @throws IOException if the file cannot be written; the old content is unchanged
   */
  public static void write(Path file, byte[] content, Preparation preparation) throws IOException {
    write(file, out -> out.write(content), Readers.OWNER, preparation);
  }

  private static void write(Path file, Content content, Readers readers, Preparation preparation)
      throws IOException {
    Path target = file.toAbsolutePath();
    TrustedPath.requireNoForeignLink(target);
    try (DraftFolder folder = DraftFolder.beside(target, readers)) {
      try (FileChannel channel = folder.content()) {
        content.writeTo(Channels.newOutputStream(channel));
        channel.force(true);
      }
      preparation.prepare(folder.draft());
      Files.move(folder.draft(), target, StandardCopyOption.ATOMIC_MOVE);
    }
    syncFolderOf(target);
  }

  /** Writes a text in UTF-8 as {@link #write(Path, byte[], Readers)} does. */
  public static void write(Path file, String text, Readers readers) throws IOException {
    write(file, text.getBytes(StandardCharsets.UTF_8), readers);
  }

  /**
   * Writes or replaces a text in UTF-8 for the readers that the umask allows; makes missing
   * folders.
   *
   * @throws IOException if the file cannot be written; the old content is unchanged
   */
  public static void writeInFolder(Path file, String text) throws IOException {
    write(withFolder(file), text, Readers.USUAL);
  }

  /** Makes the folder of a file unless it exists, and returns the file. */
  static Path withFolder(Path file) throws IOException {
    Path target = file.toAbsolutePath();
    TrustedPath.requireNoForeignLink(target);
    Path folder = target.getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    return target;
  }

  /**
   * Removes a file, if it exists.
   *
   * @throws IOException if the file cannot be removed
   */
  public static void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
    syncFolderOf(file.toAbsolutePath());
  }

  /**
   * Writes all bytes at the channel's position and forces them to disk.
   *
   * @throws IOException if not all bytes could be written
   */
  public static void writeAll(FileChannel channel, byte[] content) throws IOException {
    Channels.newOutputStream(channel).write(content);
    channel.force(true);
  }

  /**
   * Makes a file executable, where the system knows such a permission.
   *
   * @throws IOException if that fails
   */
  public static void makeExecutable(Path file) throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (view != null) {
      view.setPermissions(PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  /** Returns the failure of a command whose file or folder the system refuses. */
  public static SecretException failure(String action, Path file, IOException e, String advice) {
    return SecretException.of(SecretException.Kind.CONFIGURATION, action)
        .name(file.toString())
        .reason(FileFailure.reason(e))
        .advice(advice)
        .cause(e)
        .build();
  }

  private static void syncFolderOf(Path file) throws IOException {
    Path folder = file.getParent();
    if (folder != null) {
      sync(folder);
    }
  }

  /**
   * Forces the folder to disk, because a new name in it may otherwise be lost in a power failure.
   */
  static void sync(Path folder) throws IOException {
    if (isPosix(folder)) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
