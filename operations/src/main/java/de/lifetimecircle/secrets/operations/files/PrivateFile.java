package de.lifetimecircle.secrets.operations.files;

import de.lifetimecircle.secrets.SecretException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Files that only their owner can read ({@code 0600}, in folders {@code 0700}), there as a whole or
 * not at all. Stateless; blocks for the file system.
 */
public final class PrivateFile {
  /** What is done to a file that is there already. */
  public enum Existing {
    /** It stays as it is, and nothing is written. */
    REFUSED,
    /** It is replaced as a whole. */
    REPLACED
  }

  private PrivateFile() {}

  /**
   * Refuses what {@link #write} would refuse before it has anything to write.
   *
   * @throws SecretException {@code CONFLICT} if something is there that may not be replaced, {@code
   *     CONFIGURATION} if the folder is not there
   */
  public static void requireWritable(Path file, Existing existing) {
    Path target = file.toAbsolutePath();
    if (!Files.isDirectory(target.resolveSibling("."))) {
      throw failure(SecretException.Kind.CONFIGURATION, file, "there is no such folder")
          .advice("Make it, or name another file")
          .build();
    }
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
      throw failure(SecretException.Kind.CONFLICT, file, "what is there is not a plain file")
          .advice("Name another file")
          .build();
    }
    if (existing == Existing.REFUSED) {
      throw failure(SecretException.Kind.CONFLICT, file, "the file exists")
          .advice("Name another file, or give --replace")
          .build();
    }
  }

  /**
   * Writes a file: under another name first, brought to the disk, then renamed.
   *
   * @throws SecretException as {@link #requireWritable}, and {@code CONFIGURATION} if it cannot be
   *     written; what was there before is there still
   */
  public static void write(Path file, byte[] content, Existing existing) {
    requireWritable(file, existing);
    try {
      AtomicFile.write(file, content, AtomicFile.Readers.OWNER);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /**
   * Makes a folder unless it is there.
   *
   * @throws SecretException {@code CONFIGURATION} if it cannot be made, or if others may look into
   *     the one that is there
   */
  public static void makeFolder(Path folder) {
    try {
      if (!Files.isDirectory(folder)) {
        Path parent = folder.toAbsolutePath().resolveSibling(".");
        Files.createDirectory(folder, attributes(parent, "rwx------"));
      } else if (isPosix(folder)
          && !PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))
              .endsWith("------")) {
        throw failure(SecretException.Kind.CONFIGURATION, folder, "others may look into the folder")
            .advice("Take their rights away (chmod 700), or name another folder")
            .build();
      }
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static FileAttribute<?>[] attributes(Path folder, String rights) {
    return isPosix(folder)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights))
        }
        : new FileAttribute<?>[0];
  }

  private static SecretException unwritable(Path file, IOException e) {
    String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return failure(
            SecretException.Kind.CONFIGURATION,
            file,
            reason == null ? e.getClass().getSimpleName() : reason)
        .advice("Check the folder, its rights and the room on its disk")
        .cause(e)
        .build();
  }

  private static SecretException.Builder failure(
      SecretException.Kind kind, Path file, String reason) {
    return SecretException.of(kind, "write the file").name(file.toString()).reason(reason);
  }
}
