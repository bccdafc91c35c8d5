package de.lifetimecircle.secrets.spi;

import de.lifetimecircle.secrets.SecretException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/**
 * Makes files and folders that only their owner can read and write, from the first byte on: keys,
 * tokens, logs. A file system without POSIX permissions decides on its own who can. Stateless;
 * blocks for the file system.
 *
 * <pre>{@code
 * Path token = Path.of("token");
 * OwnerOnlyFiles.write(token, "s3cret".getBytes(StandardCharsets.UTF_8)); // mode 0600
 * Path folder = Path.of("keys");
 * Files.createDirectory(folder, OwnerOnlyFiles.folder(folder)); // mode 0700
 * }</pre>
 */
public final class OwnerOnlyFiles {
  private static final FileAttribute<?> FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<?> FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private OwnerOnlyFiles() {}

  /**
   * Gives the attributes that make a new file private, for {@code Files.createFile} and the like.
   *
   * @param file the file to create; only its file system matters
   * @return mode 0600; empty on a file system without POSIX permissions
   */
  public static FileAttribute<?>[] file(Path file) {
    return attributes(file, FILE);
  }

  /**
   * Gives the attributes that make a new folder private, for {@code Files.createDirectory} and the
   * like.
   *
   * @param folder the folder to create; only its file system matters
   * @return mode 0700; empty on a file system without POSIX permissions
   */
  public static FileAttribute<?>[] folder(Path folder) {
    return attributes(folder, FOLDER);
  }

  private static FileAttribute<?>[] attributes(Path path, FileAttribute<?> rights) {
    boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix ? new FileAttribute<?>[] {rights} : new FileAttribute<?>[0];
  }

  /**
   * Writes or replaces a file, completely or not at all: writes a draft beside it, forces it to
   * disk and renames it.
   *
   * @param file the file; its folder must exist
   * @param content all bytes of the file; stays the caller's
   * @throws SecretException as {@link TrustedPath#requireNoForeignLink}
   * @throws IOException if the file cannot be written; an old file is unchanged
   */
  public static void write(Path file, byte[] content) throws IOException {
    Path target = file.toAbsolutePath();
    TrustedPath.requireNoForeignLink(target);
    Path draft = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
    try {
      try (FileChannel channel =
          FileChannel.open(
              draft,
              Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
              file(draft))) {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
          int unused = channel.write(rest);
        }
        channel.force(true);
      }
      Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
  }
}
