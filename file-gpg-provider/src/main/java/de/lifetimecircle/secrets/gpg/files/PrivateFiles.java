package de.lifetimecircle.secrets.gpg.files;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import de.lifetimecircle.secrets.SecretException.Kind;
import de.lifetimecircle.secrets.gpg.errors.ShellWord;
import de.lifetimecircle.secrets.spi.StoreFailure;
import de.lifetimecircle.secrets.spi.TrustedPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/**
 * Files and folders that no other user may read or write: keys, passphrases, the store itself.
 * Stateless.
 */
public final class PrivateFiles {
  private static final int OTHERS = 077;
  private static final int OTHERS_WRITE = 022;
  private static final int GROUP_READS = 040;

  private PrivateFiles() {}

  /**
   * Reads a file that only we may read.
   *
   * @param what the words for it in a message: {@code key file}
   * @throws java.nio.file.NoSuchFileException if there is none
   */
  public static byte[] read(String what, Path file, int limit) throws IOException {
    Map<String, Object> facts = facts(file);
    if (!Boolean.TRUE.equals(facts.get("isRegularFile"))) {
      throw refused(
          what + " " + file + " is a symbolic link or not a file", "Name the file itself");
    }
    requireOwner(what, file, facts);
    if ((mode(facts) & forbidden(!TrustedPath.isOwn(file))) != 0) {
      throw refused(
          what + " " + file + " can be read or written by others",
          "Run: chmod 600 " + ShellWord.of(file));
    }
    return readUpTo(what, file, limit);
  }

  /**
   * Returns the rights that a private file may not have. A file of root that another account reads
   * may be readable by its group, which only root can choose: systemd lets a service read its
   * credentials by an ACL, and {@code stat} shows that as the group's right, as mode 0440.
   */
  static int forbidden(boolean lentByRoot) {
    return lentByRoot ? OTHERS & ~GROUP_READS : OTHERS;
  }

  /** Reads a file that holds no secret; it may not be a link. */
  public static byte[] readUpTo(String what, Path file, int limit) throws IOException {
    try (SeekableByteChannel channel =
        Files.newByteChannel(file, Set.of(StandardOpenOption.READ, NOFOLLOW_LINKS))) {
      ByteBuffer buffer = ByteBuffer.allocate(limit + 1);
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
        // Reads until the end or the limit.
      }
      try {
        if (!buffer.hasRemaining()) {
          throw refused(what + " " + file + " is larger than " + limit + " bytes", "Check it");
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
      } finally {
        Arrays.fill(buffer.array(), (byte) 0);
      }
    }
  }

  /** Refuses a folder in which others could rename and replace files. */
  public static void requireFolder(String what, Path folder) throws IOException {
    Map<String, Object> facts = facts(folder);
    if (!Boolean.TRUE.equals(facts.get("isDirectory"))) {
      throw refused(what + " " + folder + " is not a folder", "Name a folder");
    }
    requireOwner(what, folder, facts);
    if ((mode(facts) & OTHERS_WRITE) != 0) {
      throw refused(
          what + " " + folder + " can be written by others",
          "Run: chmod 700 " + ShellWord.of(folder));
    }
  }

  /** Returns whether other accounts can enter a folder, and so reach what is below it. */
  static boolean isReachable(Path folder) throws IOException {
    Set<PosixFilePermission> rights = Files.getPosixFilePermissions(folder);
    return rights.contains(PosixFilePermission.GROUP_EXECUTE)
        || rights.contains(PosixFilePermission.OTHERS_EXECUTE);
  }

  /** Refuses a folder inside a store that other accounts can write to. */
  static void requireNotShared(Path folder, Set<PosixFilePermission> rights) {
    if (rights.contains(PosixFilePermission.GROUP_WRITE)
        || rights.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw refused(
          "folder " + folder + " of the store can be written by others",
          "Run: chmod go-w " + ShellWord.of(folder));
    }
  }

  /**
   * Accepts our account and root: root can read everything anyway, and mounts secrets for services.
   */
  private static void requireOwner(String what, Path path, Map<String, Object> facts)
      throws IOException {
    int owner = facts.get("uid") instanceof Number uid ? uid.intValue() : 0;
    if (owner != 0 && !TrustedPath.isOwn(path)) {
      String word = ShellWord.of(path);
      boolean isFolder = Boolean.TRUE.equals(facts.get("isDirectory"));
      throw refused(
          what + " " + path + " belongs to another account",
          "Run the command as that account; or, if it is to be yours, run: chown "
              + (isFolder ? "-R $(id -un) " : "$(id -un) ")
              + word
              + (isFolder ? " && chmod 700 " : " && chmod 600 ")
              + word);
    }
  }

  private static Map<String, Object> facts(Path path) throws IOException {
    return Files.readAttributes(path, "unix:isRegularFile,isDirectory,mode,uid", NOFOLLOW_LINKS);
  }

  private static int mode(Map<String, Object> facts) {
    return facts.get("mode") instanceof Number mode ? mode.intValue() : OTHERS;
  }

  private static StoreFailure refused(String reason, String advice) {
    return StoreFailure.of(Kind.ACCESS_DENIED, reason, advice);
  }
}
