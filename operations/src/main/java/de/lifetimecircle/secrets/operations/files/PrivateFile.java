package de.lifetimecircle.secrets.operations.files;

import de.lifetimecircle.secrets.SecretException;
import de.lifetimecircle.secrets.spi.OwnerOnlyFiles;
import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Writes files that only their owner can read ({@code 0600}, in folders {@code 0700}), completely
 * or not at all. Stateless; blocks for the file system.
 */
public final class PrivateFile {
  /** The choice for a file that exists already. */
  public enum Existing {
    /** Leaves the file unchanged and fails. */
    REFUSED,
    /** Replaces the file. */
    REPLACED
  }

  private PrivateFile() {}

  /**
   * Fails if {@link #write} would fail, before there is anything to write.
   *
   * @throws SecretException {@code CONFLICT} if a file exists that may not be replaced, {@code
   *     CONFIGURATION} if the folder does not exist, or as {@link #requireOwnWay} if we are root
   */
  public static void requireWritable(Path file, Existing existing) {
    Path target = file.toAbsolutePath();
    if (!Files.isDirectory(target.resolveSibling("."))) {
      throw failure(SecretException.Kind.CONFIGURATION, file, "there is no such folder")
          .advice("Create it, or name another file")
          .build();
    }
    if (TrustedPath.isRoot()) {
      requireOwnWay(target);
    }
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
      throw failure(SecretException.Kind.CONFLICT, file, "it exists and is not a regular file")
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
   * Fails if another user can lead a new file elsewhere, or replace it: by a link, a folder of that
   * user or a folder that others can write, anywhere on the way. Root would write into a folder of
   * root then, or give the file away; no other user can, as the file stays readable for its owner
   * only.
   *
   * @throws SecretException {@code CONFIGURATION} if another user can; names the folder or link
   */
  public static void requireOwnWay(Path file) {
    try {
      List<String> problems = TrustedPath.folderProblems(file.toAbsolutePath().resolveSibling("."));
      if (!problems.isEmpty()) {
        throw failure(
                SecretException.Kind.CONFIGURATION,
                file,
                "another user can lead it elsewhere: " + String.join("; ", problems))
            .advice(
                "Name a file in a folder that only you or root can write, or run the command with"
                    + " 'sudo -u USER' before it")
            .build();
      }
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /**
   * Writes a file under another name, forces it to disk and renames it.
   *
   * @throws SecretException as {@link #requireWritable}, and {@code CONFIGURATION} if it cannot be
   *     written; an old file is unchanged
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
   * Makes a folder unless it exists.
   *
   * @throws SecretException {@code CONFIGURATION} if it cannot be made, if others can read the
   *     existing one, or as {@link #requireOwnWay} if we are root
   */
  public static void makeFolder(Path folder) {
    if (TrustedPath.isRoot()) {
      requireOwnWay(folder);
    }
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectory(folder, OwnerOnlyFiles.folder(folder));
      } else if (AtomicFile.isPosix(folder)
          && !PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))
              .endsWith("------")) {
        throw failure(SecretException.Kind.CONFIGURATION, folder, "others can read the folder")
            .advice("Remove their permissions (chmod 700), or name another folder")
            .build();
      }
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
  }

  private static SecretException unwritable(Path file, IOException e) {
    return AtomicFile.failure(
        "write the file", file, e, "Check the folder, its permissions and the space on its disk");
  }

  private static SecretException.Builder failure(
      SecretException.Kind kind, Path file, String reason) {
    return SecretException.of(kind, "write the file").name(file.toString()).reason(reason);
  }
}
